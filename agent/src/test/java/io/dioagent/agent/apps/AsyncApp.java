package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asynchronous channels, used in the ways that their documentation names. Each way prints one line,
 * the same with the agent as without. Arguments: a directory and a file in it that is on the disk
 * and large enough (16 MiB); the ways, or none for all of those that need no fault.
 */
public final class AsyncApp {
  private static final int BLOCK = 4096;
  private static final String[] WAYS = {
    "future",
    "handler",
    "odd",
    "grow",
    "executor",
    "throwing",
    "waiting",
    "rejected",
    "readOnly",
    "nothing",
    "negative",
    "closed",
    "cancelled",
    "buffers",
    "locked",
    "many"
  };

  private final Path directory;
  private final Path file;

  private AsyncApp(Path file) {
    this.file = file;
    directory = file.getParent();
  }

  /** Runs the ways. */
  public static void main(String[] arguments) throws Exception {
    AsyncApp app = new AsyncApp(Path.of(arguments[0]));
    String[] ways =
        arguments.length == 1 ? WAYS : Arrays.copyOfRange(arguments, 1, arguments.length);
    for (String way : ways) {
      String said;
      try {
        said = app.run(way);
      } catch (IOException | RuntimeException | ExecutionException e) {
        said = "unexpected " + e;
      }
      System.out.println(way + ": " + said);
    }
  }

  private String run(String way) throws Exception {
    return switch (way) {
      case "future" -> future();
      case "handler" -> handler();
      case "odd" -> odd();
      case "grow" -> grow();
      case "executor" -> executor();
      case "throwing" -> throwing();
      case "waiting" -> waiting();
      case "rejected" -> rejected();
      case "readOnly" -> readOnly();
      case "nothing" -> nothing();
      case "negative" -> negative();
      case "closed" -> closed();
      case "cancelled" -> cancelled(false) + ", " + cancelled(true);
      case "buffers" -> buffers();
      case "locked" -> locked();
      case "many" -> many();
      case "closeInFlight" -> closeInFlight();
      case "failing" -> failing();
      case "threads" -> threads();
      case "shutDown" -> shutDown();
      case "arena" -> arena();
      default -> throw new IllegalArgumentException(way);
    };
  }

  /** Counts calls; the second of one write shows. */
  private static final class Calls implements CompletionHandler<Integer, Object> {
    final List<String> all = java.util.Collections.synchronizedList(new ArrayList<>());
    final Set<String> threads = ConcurrentHashMap.newKeySet();
    final CountDownLatch expected;

    Calls(int expected) {
      this.expected = new CountDownLatch(expected);
    }

    @Override
    public void completed(Integer result, Object attachment) {
      add(attachment + "=" + result);
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
      add(attachment + "=" + failure.getClass().getSimpleName() + " " + failure.getMessage());
    }

    private void add(String call) {
      threads.add(Thread.currentThread().getName().replaceAll("[0-9]+", "N"));
      all.add(call);
      expected.countDown();
    }

    /** Sorted, and a little later, so that one that comes twice has come. */
    List<String> await() throws InterruptedException {
      if (!expected.await(60, TimeUnit.SECONDS)) {
        return List.of("missing after " + all);
      }
      Thread.sleep(20);
      List<String> sorted = new ArrayList<>(all);
      sorted.sort(null);
      return sorted;
    }
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private AsynchronousFileChannel open(OpenOption... options) throws IOException {
    return AsynchronousFileChannel.open(
        file, options.length > 0 ? options : new OpenOption[] {StandardOpenOption.WRITE});
  }

  private AsynchronousFileChannel open(ExecutorService executor) throws IOException {
    return AsynchronousFileChannel.open(file, Set.of(StandardOpenOption.WRITE), executor);
  }

  private String check(byte[] expected, long offset) throws IOException {
    byte[] found = new byte[expected.length];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer rest = ByteBuffer.wrap(found);
      while (rest.hasRemaining() && channel.read(rest, offset + rest.position()) > 0) {}
    }
    return Arrays.equals(expected, found) ? "there" : "NOT there";
  }

  private String future() throws Exception {
    byte[] bytes = bytes(4 * BLOCK, 1);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    try (AsynchronousFileChannel channel = open()) {
      Future<Integer> future = channel.write(source, 0);
      int written = future.get();
      return written
          + " at "
          + source.position()
          + " "
          + future.isDone()
          + future.isCancelled()
          + " "
          + check(bytes, 0);
    }
  }

  private String handler() throws Exception {
    Calls calls = new Calls(64);
    byte[] bytes = bytes(64 * BLOCK, 2);
    try (AsynchronousFileChannel channel = open()) {
      for (int i = 0; i < 64; i++) {
        channel.write(ByteBuffer.wrap(bytes, i * BLOCK, BLOCK), (long) i * BLOCK, i, calls);
      }
      calls.await();
    }
    return new java.util.TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + check(bytes, 0);
  }

  private String odd() throws Exception {
    Calls calls = new Calls(50);
    byte[] bytes = bytes(50 * 1001, 3);
    try (AsynchronousFileChannel channel = open()) {
      for (int i = 0; i < 50; i++) {
        channel.write(ByteBuffer.wrap(bytes, i * 1001, 1001), 77 + i * 1001L, i, calls);
      }
      calls.await();
    }
    return new java.util.TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + check(bytes, 77);
  }

  private String grow() throws Exception {
    Path growing = directory.resolve("growing");
    byte[] bytes = bytes(100 * 3000, 4);
    List<Future<Integer>> all = new ArrayList<>();
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            growing, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 100; i++) {
        all.add(channel.write(ByteBuffer.wrap(bytes, i * 3000, 3000), i * 3000L));
      }
      int sum = 0;
      for (Future<Integer> one : all) {
        sum += one.get();
      }
      channel.force(true);
      return sum + " " + channel.size() + " " + Arrays.equals(bytes, Files.readAllBytes(growing));
    } finally {
      Files.delete(growing);
    }
  }

  /** Handlers are called by the channel's own threads. */
  private String executor() throws Exception {
    AtomicInteger made = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "mine-" + made.incrementAndGet()));
    Calls calls = new Calls(200);
    try (AsynchronousFileChannel channel = open(pool)) {
      for (int i = 0; i < 200; i++) {
        int length = i % 10 == 0 ? 100 : BLOCK;
        channel.write(ByteBuffer.allocate(length), (long) i * BLOCK, i, calls);
      }
      calls.await();
    } finally {
      pool.shutdown();
    }
    Calls others = new Calls(1);
    try (AsynchronousFileChannel channel = open()) {
      channel.write(ByteBuffer.allocate(BLOCK), 0, 0, others);
      others.await();
    }
    return calls.all.size() + " by " + calls.threads + ", 1 by " + others.threads;
  }

  /** A handler that throws: ends its thread, and affects no other. */
  private String throwing() throws Exception {
    List<String> uncaught = java.util.Collections.synchronizedList(new ArrayList<>());
    ExecutorService pool =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((by, e) -> uncaught.add(e.getMessage()));
              return thread;
            });
    Calls calls = new Calls(20);
    AtomicInteger thrown = new AtomicInteger();
    CompletionHandler<Integer, Object> handler =
        new CompletionHandler<>() {
          @Override
          public void completed(Integer result, Object attachment) {
            calls.completed(result, attachment);
            if (thrown.getAndIncrement() % 2 == 0) {
              throw new IllegalStateException("mine");
            }
          }

          @Override
          public void failed(Throwable failure, Object attachment) {
            calls.failed(failure, attachment);
          }
        };
    try (AsynchronousFileChannel channel = open(pool)) {
      for (int i = 0; i < 20; i++) {
        channel.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK, i, handler);
      }
      calls.await();
    }
    pool.shutdown();
    boolean over = pool.awaitTermination(60, TimeUnit.SECONDS);
    return calls.all.size() + ", uncaught " + uncaught.size() + " " + over;
  }

  /** A handler that waits for the next one's call, as it may where there are threads enough. */
  private String waiting() throws Exception {
    int count = 20;
    CountDownLatch[] called = new CountDownLatch[count + 1];
    for (int i = 0; i <= count; i++) {
      called[i] = new CountDownLatch(1);
    }
    called[count].countDown();
    AtomicInteger inTime = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(count);
    try (AsynchronousFileChannel channel = open()) {
      for (int i = 0; i < count; i++) {
        channel.write(
            ByteBuffer.allocate(BLOCK),
            (long) i * BLOCK,
            i,
            new CompletionHandler<Integer, Integer>() {
              @Override
              public void completed(Integer result, Integer number) {
                called[number].countDown();
                try {
                  if (called[number + 1].await(30, TimeUnit.SECONDS)) {
                    inTime.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                over.countDown();
              }

              @Override
              public void failed(Throwable failure, Integer number) {
                over.countDown();
              }
            });
      }
      boolean all = over.await(60, TimeUnit.SECONDS);
      return inTime + " " + all;
    }
  }

  private String rejected() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    Calls calls = new Calls(0);
    try (AsynchronousFileChannel channel = open(pool)) {
      pool.shutdown();
      ByteBuffer source = ByteBuffer.allocate(BLOCK);
      try {
        channel.write(source, 0, 0, calls);
        return "accepted";
      } catch (RejectedExecutionException e) {
        return "refused at " + source.position() + " " + calls.await();
      }
    }
  }

  private String readOnly() throws Exception {
    Calls calls = new Calls(0);
    try (AsynchronousFileChannel channel = open(StandardOpenOption.READ)) {
      try {
        channel.write(ByteBuffer.allocate(BLOCK), 0, 0, calls);
        return "accepted";
      } catch (NonWritableChannelException e) {
        return "refused " + calls.await();
      }
    }
  }

  private String nothing() throws Exception {
    Calls calls = new Calls(1);
    try (AsynchronousFileChannel channel = open()) {
      channel.write(ByteBuffer.allocate(0), 0, 7, calls);
      return channel.write(ByteBuffer.allocate(0), 99).get() + " " + calls.await();
    }
  }

  private String negative() throws Exception {
    Calls calls = new Calls(0);
    try (AsynchronousFileChannel channel = open()) {
      try {
        channel.write(ByteBuffer.allocate(1), -1, 0, calls);
        return "accepted";
      } catch (IllegalArgumentException e) {
        return "refused " + calls.await();
      }
    }
  }

  private String closed() throws Exception {
    AsynchronousFileChannel channel = open();
    Future<Integer> before = channel.write(ByteBuffer.allocate(BLOCK), 0);
    channel.close();
    Calls calls = new Calls(1);
    channel.write(ByteBuffer.allocate(BLOCK), 0, 5, calls);
    String said;
    try {
      said = "written " + channel.write(ByteBuffer.allocate(BLOCK), 0).get();
    } catch (ExecutionException e) {
      said = e.getCause() instanceof ClosedChannelException ? "closed" : e.toString();
    }
    // Written while it was open, or refused as it closed: whichever came first.
    String earlier;
    try {
      earlier = String.valueOf(before.get() == BLOCK);
    } catch (ExecutionException e) {
      earlier = String.valueOf(e.getCause() instanceof ClosedChannelException);
    }
    return earlier + " " + said + " " + calls.await();
  }

  private String cancelled(boolean interrupt) throws Exception {
    try (AsynchronousFileChannel channel = open()) {
      ByteBuffer source = ByteBuffer.wrap(bytes(BLOCK, 5));
      Future<Integer> future = channel.write(source, 0);
      boolean cancelled = future.cancel(interrupt);
      boolean consistent;
      try {
        consistent = future.get() == BLOCK && !cancelled;
      } catch (CancellationException e) {
        consistent = cancelled;
      }
      // Whether it comes in time is luck; what follows from it is not.
      boolean right =
          consistent
              && future.isDone()
              && future.isCancelled() == cancelled
              && channel.isOpen() == !(interrupt && cancelled)
              && !future.cancel(true);
      return String.valueOf(right);
    }
  }

  private String buffers() throws Exception {
    byte[] bytes = bytes(2 * BLOCK, 6);
    ByteBuffer direct = ByteBuffer.allocateDirect(2 * BLOCK).put(bytes).flip();
    Path other = directory.resolve("mapped");
    Files.write(other, bytes);
    MappedByteBuffer mapped;
    try (FileChannel channel = FileChannel.open(other, StandardOpenOption.READ)) {
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length);
    }
    ByteBuffer[] sources = {
      ByteBuffer.wrap(bytes),
      direct,
      ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
      direct.duplicate().position(100).limit(5000).slice(),
      ByteBuffer.wrap(bytes, 3, 4096).slice(),
      mapped,
      ByteBuffer.wrap(bytes).position(BLOCK)
    };
    StringBuilder said = new StringBuilder();
    try (AsynchronousFileChannel channel = open()) {
      for (ByteBuffer source : sources) {
        ByteBuffer copy = source.duplicate();
        byte[] expected = new byte[copy.remaining()];
        copy.get(expected);
        int written = channel.write(source, 8L * BLOCK).get();
        said.append(written).append(source.hasRemaining() ? " left " : " ");
        said.append(check(expected, 8L * BLOCK)).append(", ");
      }
    }
    Files.delete(other);
    return said.toString();
  }

  /** A lock, and writes beside it. */
  private String locked() throws Exception {
    try (AsynchronousFileChannel channel = open()) {
      FileLock lock = channel.lock(0, 100, false).get();
      int written = channel.write(ByteBuffer.allocate(BLOCK), 0).get();
      boolean valid = lock.isValid();
      lock.release();
      return written + " " + valid;
    }
  }

  /** Any number at once, from several threads; no byte at the wrong place. */
  private String many() throws Exception {
    int count = 2000;
    byte[] bytes = bytes(count * BLOCK, 7);
    Calls calls = new Calls(count);
    try (AsynchronousFileChannel channel = open()) {
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int first = t;
        Thread writer =
            new Thread(
                () -> {
                  for (int i = first; i < count; i += 4) {
                    channel.write(
                        ByteBuffer.wrap(bytes, i * BLOCK, BLOCK), (long) i * BLOCK, i, calls);
                  }
                });
        writers.add(writer);
        writer.start();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      calls.await();
    }
    return new java.util.TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + check(bytes, 0);
  }

  // With a fault=delay, so that something is in flight.

  private String closeInFlight() throws Exception {
    byte[] bytes = bytes(32 * BLOCK, 8);
    AsynchronousFileChannel channel = open();
    Calls calls = new Calls(16);
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      ByteBuffer source = ByteBuffer.wrap(bytes, i * BLOCK, BLOCK);
      if (i % 2 == 0) {
        channel.write(source, (long) i * BLOCK, i, calls);
      } else {
        futures.add(channel.write(source, (long) i * BLOCK));
      }
    }
    channel.close();
    // What close() waited for is in the file; its Future ends at the same time, as in the JDK.
    String there = check(bytes, 0);
    int done = 0;
    for (Future<Integer> one : futures) {
      done += one.get(10, TimeUnit.SECONDS) == BLOCK ? 1 : 0;
    }
    return done
        + " done, "
        + new java.util.TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + there;
  }

  /** With a fault on the second block: its failure is reported once, also after close. */
  private String failing() throws Exception {
    AsynchronousFileChannel channel = open();
    Calls calls = new Calls(2);
    ByteBuffer failed = ByteBuffer.allocate(BLOCK);
    channel.write(failed, BLOCK, 1, calls);
    channel.write(ByteBuffer.allocate(BLOCK), 0, 0, calls);
    List<String> said = calls.await();
    ByteBuffer late = ByteBuffer.allocate(BLOCK);
    Future<Integer> closing = channel.write(late, 2 * BLOCK); // Still under way, by a fault.
    channel.close();
    String closed;
    try {
      closed = "written " + closing.get();
    } catch (ExecutionException e) {
      closed = e.getCause() instanceof AsynchronousCloseException ? "closed" : e.toString();
    }
    return said + " at " + failed.position() + ", " + closed + " at " + late.position();
  }

  /** 2,000 in flight at once, and how many threads there are meanwhile. */
  private String threads() throws Exception {
    int count = 2000;
    Calls calls = new Calls(count);
    int before = Thread.activeCount();
    int most = 0;
    try (AsynchronousFileChannel channel = open()) {
      for (int i = 0; i < count; i++) {
        channel.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK, i, calls);
      }
      while (!calls.expected.await(5, TimeUnit.MILLISECONDS)) {
        most = Math.max(most, Thread.getAllStackTraces().size());
      }
    }
    return calls.await().size() + " by " + (most < before + 60 ? "few threads" : most + " threads");
  }

  /** The executor goes while a write is in flight: its handler is called all the same. */
  private String shutDown() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    Calls calls = new Calls(8);
    AsynchronousFileChannel channel = open(pool);
    for (int i = 0; i < 8; i++) {
      channel.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK, i, calls);
    }
    pool.shutdownNow();
    channel.close();
    return String.join(" ", calls.await());
  }

  /** A buffer of an arena that is closed, and of another thread's (JDK 22 and later). */
  private String arena() throws Exception {
    Class<?> type = Class.forName("java.lang.foreign.Arena");
    StringBuilder said = new StringBuilder();
    for (String kind : new String[] {"ofShared", "ofConfined"}) {
      AutoCloseable arena = (AutoCloseable) type.getMethod(kind).invoke(null);
      Object segment = type.getMethod("allocate", long.class).invoke(arena, (long) BLOCK);
      ByteBuffer buffer =
          (ByteBuffer)
              Class.forName("java.lang.foreign.MemorySegment")
                  .getMethod("asByteBuffer")
                  .invoke(segment);
      try (AsynchronousFileChannel channel = open()) {
        if (kind.equals("ofShared")) {
          said.append(channel.write(buffer, 0).get()).append(", ");
          buffer.clear();
          arena.close();
        }
        Future<Integer> future = channel.write(buffer, 0);
        try {
          int written = future.get(30, TimeUnit.SECONDS);
          said.append(kind).append(" written ").append(written);
        } catch (ExecutionException e) {
          said.append(kind).append(' ').append(e.getCause().getMessage()).append(", ");
        }
      }
    }
    return said.toString();
  }
}
