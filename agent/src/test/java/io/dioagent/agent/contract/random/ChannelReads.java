package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Reads by a FileChannel. Not thread-safe. */
final class ChannelReads {
  /** From when on the agent takes a file to be at rest, and a bit. */
  private static final long REST_MILLIS = 1100;

  private final Choices choices;
  private final Dice dice;

  ChannelReads(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(40, this::read);
    menu.add(50, this::readAt);
    menu.add(25, this::scatter);
    menu.add(45, this::position);
    menu.add(2, this::readOn);
  }

  private Operation read() {
    int slot = choices.readableSlot();
    int length = dice.length();
    BufferKind kind = choices.bufferKind();
    return new Operation(
        "read " + length + " " + kind + " on " + slot,
        null,
        side -> {
          ByteBuffer buffer = kind.empty(length);
          int start = buffer.position();
          return Choices.channel(side, slot).read(buffer)
              + Choices.left(buffer)
              + Choices.content(buffer, start);
        });
  }

  private Operation readAt() throws IOException {
    int slot = choices.readableSlot();
    int length = dice.length();
    long offset = choices.offset();
    BufferKind kind = choices.bufferKind();
    return new Operation(
        "read " + length + " " + kind + " at " + offset + " on " + slot,
        null,
        side -> {
          ByteBuffer buffer = kind.empty(length);
          int start = buffer.position();
          return Choices.channel(side, slot).read(buffer, offset)
              + Choices.left(buffer)
              + Choices.content(buffer, start);
        });
  }

  private Operation scatter() {
    int slot = choices.readableSlot();
    int[] lengths = new int[1 + dice.below(6)];
    BufferKind[] kinds = new BufferKind[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = dice.percent(15) ? 0 : dice.length() / lengths.length;
      kinds[i] = choices.bufferKind();
    }
    return new Operation(
        "read " + Arrays.toString(lengths) + " " + Arrays.toString(kinds) + " on " + slot,
        null,
        side -> {
          ByteBuffer[] buffers = new ByteBuffer[lengths.length];
          int[] starts = new int[lengths.length];
          for (int i = 0; i < buffers.length; i++) {
            buffers[i] = kinds[i].empty(lengths[i]);
            starts[i] = buffers[i].position();
          }
          StringBuilder outcome =
              new StringBuilder().append(Choices.channel(side, slot).read(buffers));
          for (int i = 0; i < buffers.length; i++) {
            outcome.append(Choices.left(buffers[i])).append(Choices.content(buffers[i], starts[i]));
          }
          return outcome;
        });
  }

  private Operation position() throws IOException {
    int slot = dice.percent(80) ? choices.writableSlot() : choices.readableSlot();
    long offset = choices.offset();
    return new Operation(
        "position " + offset + " on " + slot,
        null,
        side -> Choices.channel(side, slot).position(offset).position());
  }

  /**
   * Small reads, one after the other, of a file that is written after a while without writes: data
   * that was read ahead is outdated then.
   */
  private Operation readOn() throws IOException {
    int slot = choices.readableSlot();
    int writer = choices.writableSlot();
    int length = 1 + dice.below(20_000);
    long from = dice.below(choices.sizeBytes() / 2 + 1);
    byte[] bytes = choices.bytes();
    long offset = from + 6L * length;
    return new Operation(
        "read on, by " + length + " from " + from + " on " + slot + ", written on " + writer,
        Operation.Range.around(offset, bytes.length),
        side -> {
          if (side == choices.plain()) {
            Thread.sleep(REST_MILLIS); // Which comes first: the other one rests, too.
          }
          FileChannel channel = Choices.channel(side, slot);
          channel.position(from);
          StringBuilder outcome = new StringBuilder();
          for (int i = 0; i < 10; i++) {
            if (i == 5) {
              outcome.append(Choices.channel(side, writer).write(ByteBuffer.wrap(bytes), offset));
            }
            ByteBuffer buffer = ByteBuffer.allocate(length);
            outcome.append(' ').append(channel.read(buffer)).append(' ');
            outcome.append(Choices.content(buffer, 0));
          }
          return outcome;
        });
  }
}
