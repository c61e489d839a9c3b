package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;

/**
 * Chooses operations at random: which, on which channel, of what size, where. What it chooses
 * depends on the seed and on the plain file only. Not thread-safe.
 */
final class Operations {
  static final int SOURCE_BYTES = 4 << 20;

  private final Dice dice;
  private final FileSide plain;
  private final ChannelWrites channelWrites;
  private final Menu menu = new Menu();

  Operations(long seed, FileSide plain) {
    this.plain = plain;
    dice = new Dice(seed);
    Choices choices = new Choices(dice, plain);
    channelWrites = new ChannelWrites(choices);
    channelWrites.addTo(menu);
    new ChannelReads(choices).addTo(menu);
    new Transfers(choices).addTo(menu);
    new Mappings(choices).addTo(menu);
    new RandomAccessFiles(choices).addTo(menu);
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

  /** The next one. The very first opens a channel that can do everything. */
  Operation next(int number) throws IOException {
    if (number == 1) {
      return Opening.readWrite(0);
    }
    if (plain.sizeBytes() > Dice.USUAL_FILE_BYTES && dice.percent(30)) {
      return channelWrites.truncate(dice.below(Dice.USUAL_FILE_BYTES));
    }
    return menu.choose(dice);
  }
}
