package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** Mapped files. Not thread-safe. */
final class Mappings {
  private static final int LARGEST_KEPT_BYTES = 256 << 10;

  private final Choices choices;
  private final Dice dice;

  Mappings(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(15, this::readMapping);
    menu.add(12, this::writeMapping);
    menu.add(10, this::writeFromMapping);
    menu.add(6, this::writeOverItself);
    menu.add(8, this::keep);
    menu.add(25, this::writeKept);
    menu.add(15, this::readKept);
    menu.add(5, this::writeFromKept);
  }

  private Operation readMapping() throws IOException {
    int slot = choices.readableSlot();
    long size = choices.sizeBytes();
    long offset = Math.min(size, dice.offset(size));
    long length = Math.min(dice.length(), size - offset);
    return new Operation(
        "read a mapping of " + length + " at " + offset + " on " + slot,
        null,
        side -> Bytes.hash(Choices.channel(side, slot).map(MapMode.READ_ONLY, offset, length)));
  }

  private Operation writeMapping() throws IOException {
    int slot = choices.readableSlot();
    long offset = choices.offset();
    byte[] bytes = choices.bytes();
    boolean force = dice.percent(30);
    return new Operation(
        "write a mapping of "
            + bytes.length
            + " at "
            + offset
            + (force ? ", force" : "")
            + " on "
            + slot,
        Range.around(offset, bytes.length),
        side -> {
          var mapping = Choices.channel(side, slot).map(MapMode.READ_WRITE, offset, bytes.length);
          mapping.put(bytes);
          if (force) {
            mapping.force();
          }
          return "put";
        });
  }

  /** A channel's own mapping is what is written to another place of the file. */
  private Operation writeFromMapping() throws IOException {
    int slot = choices.readableSlot();
    long size = choices.sizeBytes();
    int length = (int) Math.min(dice.length(), size / 2);
    long source = dice.below(size / 2 - length + 1);
    long target = size / 2 + dice.below(size / 2 + 1);
    return new Operation(
        "write a mapping of " + length + " at " + source + " to " + target + " on " + slot,
        Range.around(target, length),
        side -> {
          FileChannel channel = Choices.channel(side, slot);
          return channel.write(channel.map(MapMode.READ_ONLY, source, length), target);
        });
  }

  /** The very range that is written is the buffer, by a mapping of it. */
  private Operation writeOverItself() throws IOException {
    int slot = choices.readableSlot();
    long size = choices.sizeBytes();
    long offset = Math.min(size, choices.offset());
    int length = (int) Math.min(dice.length(), size - offset);
    return new Operation(
        "write a mapping of " + length + " at " + offset + " over itself on " + slot,
        Range.around(offset, length),
        side -> {
          FileChannel channel = Choices.channel(side, slot);
          return channel.write(channel.map(MapMode.READ_ONLY, offset, length), offset);
        });
  }

  // ---- those that are kept ----

  private int keptSlot() {
    return dice.below(choices.plain().mappings().count());
  }

  private Operation keep() throws IOException {
    int slot = keptSlot();
    FileSide.Name name = Opening.name(dice);
    long offset = choices.offset();
    int length = 1 + dice.below(LARGEST_KEPT_BYTES);
    return new Operation(
        "map " + length + " at " + offset + " by " + name + ", kept at " + slot,
        Range.around(offset, length),
        side -> {
          side.mappings().put(slot, KeptMapping.of(side.path(name), offset, length));
          return "mapped";
        });
  }

  private interface Action {
    Object on(FileSide side, KeptMapping mapping, int usableBytes) throws Exception;
  }

  /** On one that is there, or else one is mapped. */
  private Operation kept(String text, Action action) throws IOException {
    int slot = keptSlot();
    KeptMapping there = choices.plain().mappings().get(slot);
    if (there == null) {
      return keep();
    }
    return new Operation(
        text + " of the mapping kept at " + slot,
        Range.around(there.offset(), 3L * LARGEST_KEPT_BYTES),
        side -> {
          KeptMapping mapping = side.mappings().require(slot);
          return action.on(side, mapping, mapping.usableBytes());
        });
  }

  private Operation writeKept() throws IOException {
    byte[] bytes = choices.bytes(LARGEST_KEPT_BYTES);
    int place = dice.below(LARGEST_KEPT_BYTES);
    boolean force = dice.percent(15);
    return kept(
        "write " + bytes.length + (force ? ", force" : ""),
        (side, mapping, usableBytes) -> {
          int length = Math.min(bytes.length, usableBytes);
          int from = length == usableBytes ? 0 : place % (usableBytes - length);
          mapping.part(from, length).put(bytes, 0, length);
          if (force && usableBytes > 0) {
            mapping.force();
          }
          return length + " from " + from;
        });
  }

  private Operation readKept() throws IOException {
    int place = dice.below(LARGEST_KEPT_BYTES);
    return kept(
        "read",
        (side, mapping, usableBytes) -> {
          int from = place % (usableBytes + 1);
          return from + ": " + Bytes.hash(mapping.part(from, usableBytes - from));
        });
  }

  /** To behind its own end: the kernel does not say what comes of writing it over itself. */
  private Operation writeFromKept() throws IOException {
    int to = choices.writableSlot();
    int behind = dice.below(10_000);
    return kept(
        "write " + behind + " behind its end, on " + to + ",",
        (side, mapping, usableBytes) -> {
          long offset = mapping.offset() + usableBytes + behind;
          return Choices.channel(side, to).write(mapping.part(0, usableBytes), offset);
        });
  }
}
