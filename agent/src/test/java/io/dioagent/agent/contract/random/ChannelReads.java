package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads by a FileChannel. Not thread-safe. */
final class ChannelReads {
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
}
