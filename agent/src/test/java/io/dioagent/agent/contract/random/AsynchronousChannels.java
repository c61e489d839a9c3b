package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * AsynchronousFileChannel, one write or several at once, by futures and by handlers. Requests that
 * an operation starts end before the operation. Not thread-safe.
 */
final class AsynchronousChannels {
  static final String THREAD_NAME = "asynchronous-";

  private static final long LONGEST_SECONDS = 120;
  private static final int LARGEST_OF_SEVERAL_BYTES = 256 << 10;

  private final Choices choices;
  private final Dice dice;

  AsynchronousChannels(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(35, () -> write(false));
    menu.add(35, () -> write(true));
    menu.add(45, this::several);
    menu.add(20, () -> read(false));
    menu.add(20, () -> read(true));
    menu.add(12, this::truncate);
    menu.add(6, this::force);
    menu.add(5, this::lock);
    menu.add(12, this::open);
    menu.add(4, this::close);
    menu.add(3, this::outOfRange);
  }

  /** Has its own threads. Handlers check by the thread's name that they run on one of them. */
  static AsynchronousHandle open(Path file, Set<OpenOption> options, boolean ownThreads)
      throws IOException {
    if (!ownThreads) {
      return new AsynchronousHandle(
          AsynchronousFileChannel.open(file, options.toArray(new OpenOption[0])), null);
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, THREAD_NAME + file.getFileName());
              thread.setDaemon(true);
              return thread;
            });
    try {
      return new AsynchronousHandle(
          AsynchronousFileChannel.open(file, options, executor), executor);
    } catch (IOException | RuntimeException e) {
      executor.shutdown();
      throw e;
    }
  }

  private interface Action {
    Object on(AsynchronousFileChannel channel) throws Exception;
  }

  /** Uses a channel that was opened, and may have been closed since; opens one if there is none. */
  private Operation operation(String text, Range range, Action action) {
    Slots<AsynchronousHandle> slots = choices.plain().asynchronous();
    int slot = dice.below(slots.count());
    AsynchronousHandle there = slots.get(slot);
    if (there == null || (!there.isOpen() && dice.percent(80))) {
      return open();
    }
    return new Operation(
        "asynchronous " + text + " on " + slot,
        range,
        side -> action.on(side.asynchronous().require(slot).channel()));
  }

  private Operation open() {
    int slot = dice.below(choices.plain().asynchronous().count());
    Set<OpenOption> options = new LinkedHashSet<>();
    options.add(StandardOpenOption.WRITE);
    Opening.addSometimes(dice, options, 90, StandardOpenOption.READ);
    Opening.addSometimes(dice, options, 70, StandardOpenOption.CREATE);
    Opening.addSometimes(dice, options, 5, StandardOpenOption.SYNC);
    Opening.addSometimes(dice, options, 5, StandardOpenOption.DSYNC);
    Opening.addSometimes(dice, options, 5, StandardOpenOption.TRUNCATE_EXISTING);
    Opening.addSometimes(dice, options, 5, StandardOpenOption.SPARSE);
    Opening.addSometimes(dice, options, 2, StandardOpenOption.APPEND);
    if (dice.percent(5)) {
      options.remove(StandardOpenOption.WRITE);
    }
    FileSide.Name name = Opening.name(dice);
    boolean ownThreads = dice.percent(50);
    return new Operation(
        "open asynchronous "
            + options
            + " by "
            + name
            + (ownThreads ? ", threads of its own," : "")
            + " at "
            + slot,
        null,
        side -> {
          side.asynchronous().put(slot, open(side.path(name), options, ownThreads));
          return "opened";
        });
  }

  /** One that is in flight, to be waited for. */
  interface Started {
    String await() throws Exception;
  }

  /** Starts a write, completed by a future or a handler. */
  static Started startWrite(
      AsynchronousFileChannel channel, ByteBuffer buffer, long offset, boolean handler) {
    if (!handler) {
      Future<Integer> future = channel.write(buffer, offset);
      return () -> future.get(LONGEST_SECONDS, TimeUnit.SECONDS) + Choices.left(buffer);
    }
    Completion completion = new Completion();
    channel.write(buffer, offset, offset, completion);
    return () -> completion.await() + Choices.left(buffer);
  }

  /** Starts a read, completed by a future or a handler. */
  static Started startRead(
      AsynchronousFileChannel channel, ByteBuffer buffer, long offset, boolean handler) {
    if (!handler) {
      Future<Integer> future = channel.read(buffer, offset);
      return () -> future.get(LONGEST_SECONDS, TimeUnit.SECONDS) + Choices.left(buffer);
    }
    Completion completion = new Completion();
    channel.read(buffer, offset, offset, completion);
    return () -> completion.await() + Choices.left(buffer);
  }

  private Operation write(boolean handler) throws IOException {
    byte[] bytes = choices.bytes();
    long offset = choices.offset();
    BufferKind kind = choices.bufferKind();
    return operation(
        "write " + bytes.length + " " + kind + " at " + offset + (handler ? ", handler" : ""),
        Range.around(offset, bytes.length),
        channel -> startWrite(channel, kind.holding(bytes), offset, handler).await());
  }

  /** Side by side, none over another, started in any order. */
  private Operation several() throws IOException {
    record One(long seed, int lengthBytes, long offset, BufferKind kind, boolean handler) {}

    List<One> writes = new ArrayList<>();
    long from = choices.offset();
    long offset = from;
    for (int count = 2 + dice.below(dice.percent(10) ? 20 : 6); count > 0; count--) {
      int length = Math.min(LARGEST_OF_SEVERAL_BYTES, dice.length());
      One write = new One(dice.number(), length, offset, choices.bufferKind(), dice.percent(50));
      writes.add(dice.below(writes.size() + 1), write);
      offset += length + (dice.percent(40) ? dice.below(9000) : 0);
    }
    return operation(
        "writes, " + writes.size() + " at once from " + from + " to " + offset,
        Range.around(from, offset - from),
        channel -> {
          List<Started> started = new ArrayList<>();
          for (One write : writes) {
            ByteBuffer buffer = write.kind.holding(Bytes.of(write.seed, write.lengthBytes));
            started.add(startWrite(channel, buffer, write.offset, write.handler));
          }
          // All are waited for, also behind one that failed: the next operation is not to meet
          // them.
          StringBuilder outcome = new StringBuilder();
          Exception failure = null;
          for (Started write : started) {
            try {
              outcome.append(write.await()).append("; ");
            } catch (Exception e) {
              failure = failure == null ? e : failure;
            }
          }
          if (failure != null) {
            throw failure;
          }
          return outcome;
        });
  }

  private Operation read(boolean handler) throws IOException {
    int length = dice.length();
    long offset = choices.offset();
    BufferKind kind = choices.bufferKind();
    return operation(
        "read " + length + " " + kind + " at " + offset + (handler ? ", handler" : ""),
        null,
        channel -> {
          ByteBuffer buffer = kind.empty(length);
          int start = buffer.position();
          String outcome = startRead(channel, buffer, offset, handler).await();
          return outcome + Choices.content(buffer, start);
        });
  }

  private Operation truncate() throws IOException {
    long sizeBytes = choices.offset();
    return operation(
        "truncate to " + sizeBytes, null, channel -> channel.truncate(sizeBytes).size());
  }

  private Operation force() {
    boolean metadata = dice.percent(50);
    return operation(
        "force " + metadata,
        null,
        channel -> {
          channel.force(metadata);
          return "forced";
        });
  }

  private Operation lock() throws IOException {
    byte[] bytes = choices.bytes(10_000);
    long offset = choices.offset();
    return operation(
        "lock and write " + bytes.length + " at " + offset,
        Range.around(offset, bytes.length),
        channel -> {
          try (FileLock lock = channel.lock().get(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            String written = startWrite(channel, ByteBuffer.wrap(bytes), offset, false).await();
            return written + ", " + lock.isValid() + ", shared " + lock.isShared();
          }
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

  private Operation outOfRange() {
    boolean write = dice.percent(50);
    boolean handler = dice.percent(50);
    return operation(
        (write ? "write" : "read") + " at -1",
        null,
        channel -> {
          ByteBuffer buffer = ByteBuffer.allocate(10);
          Started started =
              write
                  ? startWrite(channel, buffer, -1, handler)
                  : startRead(channel, buffer, -1, handler);
          return started.await();
        });
  }
}
