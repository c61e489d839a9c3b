package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;

/**
 * Chooses operations at random, with their channel, size and place. The choice depends on the seed
 * and on the plain file only. Not thread-safe.
 */
final class Operations {
  static final int SOURCE_BYTES = 4 << 20;

  /**
   * So many without mappings and without RandomAccessFile are followed by so many with: a file that
   * has one is written synchronously, whatever the mode, where the agent cannot see all of its use.
   */
  private static final int PHASE = 500;

  private final Dice dice;
  private final FileSide plain;
  private final ChannelWrites channelWrites;
  private final Menu free = new Menu();
  private final Menu held = new Menu();

  Operations(long seed, FileSide plain) {
    this.plain = plain;
    dice = new Dice(seed);
    Choices choices = new Choices(dice, plain);
    channelWrites = new ChannelWrites(choices);
    new Mappings(choices).addTo(held);
    new RandomAccessFiles(choices).addTo(held);
    new Streams(choices).addHoldingTo(held);
    new Opening(choices).addHoldingTo(held);
    addTo(free, choices);
    addTo(held, choices);
  }

  private void addTo(Menu menu, Choices choices) {
    channelWrites.addTo(menu);
    new ChannelReads(choices).addTo(menu);
    new Transfers(choices).addTo(menu);
    new Streams(choices).addTo(menu);
    new AsynchronousChannels(choices).addTo(menu);
    new DirectChannels(choices).addTo(menu);
    new WholeFiles(choices).addTo(menu);
    new Names(choices).addTo(menu);
    new Opening(choices).addTo(menu);
  }

  /** The bytes of the file that both sides transfer from. */
  static byte[] source() {
    return Bytes.of(-1, SOURCE_BYTES);
  }

  /** Whether the file may have mappings and the like while it is the turn of this one. */
  static boolean mayHold(int number) {
    return number / PHASE % 2 == 1;
  }

  /** The next one. The very first opens a channel that can do everything. */
  Operation next(int number) throws IOException {
    if (number == 1) {
      return Opening.readWrite(0);
    }
    if (!mayHold(number) && mayHold(number - 1)) {
      return Opening.letGo();
    }
    if (plain.sizeBytes() > Dice.USUAL_FILE_BYTES && dice.percent(30)) {
      return channelWrites.truncate(dice.below(Dice.USUAL_FILE_BYTES));
    }
    return (mayHold(number) ? held : free).choose(dice);
  }
}
