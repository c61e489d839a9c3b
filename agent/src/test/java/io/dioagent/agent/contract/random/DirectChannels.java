package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A channel that the application opened with ExtendedOpenOption.DIRECT itself, beside all others.
 * Not thread-safe.
 *
 * <p>Buffers are never of the heap: on JDK 17 one makes the thread's next ordinary write throw.
 */
final class DirectChannels {
  private static final int BLOCK_BYTES = 4096;
  private static final int MOST_BLOCKS = 64;

  private final Choices choices;
  private final Dice dice;

  DirectChannels(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(25, this::write);
    menu.add(15, this::read);
    menu.add(4, this::open);
    menu.add(2, this::close);
  }

  static OpenOption option() {
    try {
      Class<?> extended = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) extended.getField("DIRECT").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A buffer at an address that the kernel takes. */
  static ByteBuffer aligned(int lengthBytes) {
    return ByteBuffer.allocateDirect(lengthBytes + BLOCK_BYTES)
        .alignedSlice(BLOCK_BYTES)
        .limit(lengthBytes);
  }

  private interface Action {
    Object on(FileChannel channel) throws Exception;
  }

  private Operation operation(String text, Range range, Action action) {
    Handle open = choices.plain().directs().get(0);
    if (open == null || !open.isOpen()) {
      return open();
    }
    return new Operation(
        "direct channel: " + text, range, side -> action.on(side.directs().require(0).channel()));
  }

  private Operation open() {
    boolean synchronous = dice.percent(20);
    OpenOption more = synchronous ? StandardOpenOption.DSYNC : StandardOpenOption.READ;
    Set<OpenOption> options =
        Set.of(option(), StandardOpenOption.WRITE, more, StandardOpenOption.SPARSE);
    return new Operation(
        "open a direct channel" + (synchronous ? " with DSYNC" : ""),
        null,
        side -> {
          FileChannel channel = FileChannel.open(side.file(), options);
          side.directs().put(0, Handle.of(channel, !synchronous, true));
          return "opened";
        });
  }

  private Operation close() {
    return operation(
        "close",
        null,
        channel -> {
          channel.close();
          return "closed";
        });
  }

  /** Of whole blocks; now and then not quite, which is refused. */
  private int length() {
    return BLOCK_BYTES * (1 + dice.below(MOST_BLOCKS)) - (dice.percent(4) ? 1 : 0);
  }

  private long offset() throws IOException {
    return (choices.offset() & -BLOCK_BYTES) + (dice.percent(4) ? 1 : 0);
  }

  private Operation write() throws IOException {
    byte[] bytes = Bytes.of(dice.number(), length());
    long offset = offset();
    boolean byPosition = dice.percent(40);
    boolean gather = byPosition && dice.percent(50);
    return operation(
        "write " + bytes.length + " at " + offset + (gather ? ", gather" : ""),
        Range.around(offset, bytes.length),
        channel -> {
          ByteBuffer buffer = aligned(bytes.length).put(bytes).flip();
          if (!byPosition) {
            return channel.write(buffer, offset) + Choices.left(buffer);
          }
          channel.position(offset);
          if (!gather) {
            return channel.write(buffer) + Choices.left(buffer);
          }
          ByteBuffer[] two = {buffer, aligned(BLOCK_BYTES)};
          return channel.write(two) + Choices.left(two[0]) + Choices.left(two[1]);
        });
  }

  private Operation read() throws IOException {
    int length = length();
    long offset = offset();
    return operation(
        "read " + length + " at " + offset,
        null,
        channel -> {
          ByteBuffer buffer = aligned(length);
          return channel.read(buffer, offset) + Choices.left(buffer) + Choices.content(buffer, 0);
        });
  }
}
