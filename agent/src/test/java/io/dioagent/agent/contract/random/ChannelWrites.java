package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Writes and other changes by a FileChannel, one operation each. Not thread-safe. */
final class ChannelWrites {
  private final Choices choices;
  private final Dice dice;

  ChannelWrites(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(150, this::write);
    menu.add(160, this::writeAt);
    menu.add(80, this::gather);
    menu.add(35, () -> truncate(choices.offset()));
    menu.add(15, this::force);
    menu.add(5, this::farAway);
    menu.add(3, this::interrupted);
    menu.add(4, this::outOfRange);
  }

  private Operation write() throws IOException {
    int slot = choices.writableSlot();
    byte[] bytes = choices.bytes();
    BufferKind kind = choices.bufferKind();
    return new Operation(
        "write " + bytes.length + " " + kind + " on " + slot,
        choices.atPosition(slot, bytes.length),
        side -> {
          ByteBuffer buffer = kind.holding(bytes);
          return Choices.channel(side, slot).write(buffer) + Choices.left(buffer);
        });
  }

  private Operation writeAt() throws IOException {
    int slot = choices.writableSlot();
    byte[] bytes = choices.bytes();
    long offset = choices.offset();
    BufferKind kind = choices.bufferKind();
    return new Operation(
        "write " + bytes.length + " " + kind + " at " + offset + " on " + slot,
        Range.around(offset, bytes.length),
        side -> {
          ByteBuffer buffer = kind.holding(bytes);
          return Choices.channel(side, slot).write(buffer, offset) + Choices.left(buffer);
        });
  }

  private Operation gather() throws IOException {
    int slot = choices.writableSlot();
    List<byte[]> parts = new ArrayList<>();
    List<BufferKind> kinds = new ArrayList<>();
    int total = 0;
    for (int count = dice.below(dice.percent(5) ? 40 : 7); count >= 0; count--) {
      byte[] part = dice.percent(15) ? new byte[0] : choices.bytes();
      if (total + part.length <= Dice.LARGEST_BYTES) {
        total += part.length;
        parts.add(part);
        kinds.add(choices.bufferKind());
      }
    }
    int from = dice.percent(20) ? dice.below(parts.size() + 1) : 0;
    int count = dice.percent(20) ? dice.below(parts.size() - from + 1) : parts.size() - from;
    StringBuilder text = new StringBuilder("write");
    for (int i = 0; i < parts.size(); i++) {
      text.append(i == 0 ? " {" : ", ")
          .append(parts.get(i).length)
          .append(' ')
          .append(kinds.get(i));
    }
    text.append("} from ").append(from).append(" count ").append(count).append(" on ").append(slot);
    return new Operation(
        text.toString(),
        choices.atPosition(slot, total),
        side -> {
          ByteBuffer[] buffers = new ByteBuffer[parts.size()];
          for (int i = 0; i < buffers.length; i++) {
            buffers[i] = kinds.get(i).holding(parts.get(i));
          }
          long written = Choices.channel(side, slot).write(buffers, from, count);
          StringBuilder left = new StringBuilder();
          for (ByteBuffer buffer : buffers) {
            left.append(Choices.left(buffer));
          }
          return written + left.toString();
        });
  }

  Operation truncate(long sizeBytes) {
    int slot = choices.writableSlot();
    return new Operation(
        "truncate to " + sizeBytes + " on " + slot,
        null,
        side -> Choices.channel(side, slot).truncate(sizeBytes).size());
  }

  private Operation force() {
    int slot = choices.writableSlot();
    boolean metadata = dice.percent(50);
    return new Operation(
        "force " + metadata + " on " + slot,
        null,
        side -> {
          Choices.channel(side, slot).force(metadata);
          return "forced";
        });
  }

  /** Where no file of that size fits on any disk, and where none is allowed at all. */
  private Operation farAway() {
    int slot = choices.writableSlot();
    byte[] bytes = Bytes.of(dice.number(), dice.oneOf(1, 511, 4096, 4097, 70_000, 1 << 20));
    long offset = (1L << dice.oneOf(32, 36, 40, 43, 44, 46, 62)) + dice.oneOf(-4096, -1, 0, 511);
    return new Operation(
        "write " + bytes.length + " at " + offset + ", read and truncate, on " + slot,
        null,
        side -> {
          FileChannel channel = Choices.channel(side, slot);
          long size = channel.size();
          StringBuilder outcome = new StringBuilder();
          try {
            outcome.append(channel.write(ByteBuffer.wrap(bytes), offset));
          } catch (IOException e) {
            outcome.append(e);
          }
          outcome.append(" size ").append(channel.size());
          if (side.handle(slot).isReadable()) {
            ByteBuffer read = ByteBuffer.allocate(bytes.length);
            outcome.append(" read ").append(channel.read(read, offset));
            outcome.append(Bytes.hash(read.flip()));
          }
          return outcome.append(channel.truncate(size).size());
        });
  }

  private Operation interrupted() {
    int slot = choices.writableSlot();
    byte[] bytes = choices.bytes();
    return new Operation(
        "write " + bytes.length + " with the interrupt set, on " + slot,
        null,
        side -> {
          FileChannel channel = Choices.channel(side, slot);
          Thread.currentThread().interrupt();
          String outcome;
          try {
            outcome = "wrote " + channel.write(ByteBuffer.wrap(bytes));
          } catch (IOException | RuntimeException e) {
            outcome = e.toString();
          }
          // Always cleared, so that neither the next operation nor the comparison is interrupted.
          return outcome + ", interrupt still set: " + Thread.interrupted();
        });
  }

  private Operation outOfRange() {
    int slot = choices.writableSlot();
    byte[] bytes = choices.bytes();
    long offset = -1 - dice.below(5000L);
    int kind = dice.below(5);
    return new Operation(
        "out of range " + offset + ", kind " + kind + " on " + slot,
        null,
        side -> {
          FileChannel channel = Choices.channel(side, slot);
          return switch (kind) {
            case 0 -> channel.write(ByteBuffer.wrap(bytes), offset);
            case 1 -> channel.read(ByteBuffer.allocate(10), offset);
            case 2 -> channel.position(offset);
            case 3 -> channel.truncate(offset);
            default -> channel.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0, 2);
          };
        });
  }
}
