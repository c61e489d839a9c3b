package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Transfers from channel to channel. Not thread-safe. */
final class Transfers {
  private final Choices choices;
  private final Dice dice;

  Transfers(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(35, this::transferTo);
    menu.add(45, this::transferFrom);
    menu.add(15, this::transferWithin);
  }

  private Operation transferTo() throws IOException {
    int slot = choices.readableSlot();
    long offset = choices.offset();
    int length = dice.length();
    long seed = dice.number();
    if (dice.percent(40)) {
      return new Operation(
          "transferTo a foreign channel, " + length + " at " + offset + " on " + slot,
          null,
          side -> {
            HashingSink sink = new HashingSink(seed);
            return Choices.channel(side, slot).transferTo(offset, length, sink)
                + " "
                + sink.taken();
          });
    }
    boolean append = dice.percent(30);
    return new Operation(
        "transferTo a file"
            + (append ? "'s end, " : ", ")
            + length
            + " at "
            + offset
            + " on "
            + slot,
        null,
        side -> {
          try (FileChannel sink =
              FileChannel.open(
                  side.sink(),
                  StandardOpenOption.CREATE,
                  append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE)) {
            long transferred = Choices.channel(side, slot).transferTo(offset, length, sink);
            String outcome = transferred + ", sink at " + sink.position() + " of " + sink.size();
            if (sink.size() > Dice.USUAL_FILE_BYTES) {
              sink.truncate(0);
            }
            byte[] content = Files.readAllBytes(side.sink());
            return outcome + ": " + Bytes.hash(ByteBuffer.wrap(content));
          }
        });
  }

  private Operation transferFrom() throws IOException {
    int slot = choices.writableSlot();
    long offset = choices.offset();
    int length = dice.length();
    long seed = dice.number();
    Range range = Range.around(offset, length);
    if (dice.percent(50)) {
      int available = dice.percent(70) ? length : dice.length();
      return new Operation(
          "transferFrom a foreign channel, " + length + " at " + offset + " on " + slot,
          range,
          side -> {
            ChunkedSource source = new ChunkedSource(seed, available);
            return Choices.channel(side, slot).transferFrom(source, offset, length)
                + ", left "
                + source.remaining();
          });
    }
    long from = dice.below((long) Operations.SOURCE_BYTES);
    return new Operation(
        "transferFrom a file at " + from + ", " + length + " at " + offset + " on " + slot,
        range,
        side -> {
          try (FileChannel source = FileChannel.open(side.source())) {
            source.position(from);
            return Choices.channel(side, slot).transferFrom(source, offset, length)
                + ", source at "
                + source.position();
          }
        });
  }

  /** From one channel of the file to another, where the two ranges do not meet. */
  private Operation transferWithin() throws IOException {
    int from = choices.readableSlot();
    int to = choices.writableSlot();
    long size = choices.sizeBytes();
    int length = (int) Math.min(dice.length(), size / 2);
    long source = size / 2 == length ? 0 : dice.below(size / 2 - length + 1);
    long target = size / 2 + dice.below(size / 2 + 1);
    return new Operation(
        "transferTo " + length + " at " + source + " from " + from + " to " + to + " at " + target,
        Range.around(target, length),
        side -> {
          FileChannel channel = Choices.channel(side, to);
          channel.position(target);
          return Choices.channel(side, from).transferTo(source, length, channel);
        });
  }
}
