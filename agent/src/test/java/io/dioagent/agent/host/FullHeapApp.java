package io.dioagent.agent.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Writes in all ways while its heap is full. Arguments: a directory, rounds, seconds of each. */
@SuppressWarnings("ByteBufferBackingArray") // All of them are its own.
public final class FullHeapApp {
  /** Directories, as {@link PauseIT#settings} tags them. */
  static final String[] WAYS = {"sync", "pipelined", "behind", "async", "read"};

  private static final int BLOCK = 4096;
  private static final int BLOCKS = 16;
  private static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final List<Writer> writers = new ArrayList<>();
  private volatile boolean stopping;

  /** Writes a block of a file that is its own, in one way. */
  private interface Way {
    void write(Path file, ByteBuffer block, long at) throws Exception;
  }

  /** Runs by itself. */
  public static void main(String[] arguments) throws Exception {
    // The code that handles an Error is linked before the heap is full.
    boolean unused = isOwn(new IOException(new OutOfMemoryError()));
    FullHeapApp app = new FullHeapApp();
    boolean agent = ManagementFactory.getPlatformMBeanServer().isRegistered(mbean());
    app.addAll(Path.of(arguments[0]), agent);
    app.run(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
  }

  private static ObjectName mbean() throws Exception {
    return new ObjectName("io.dioagent:type=DirectIo");
  }

  private void addAll(Path data, boolean agent) throws Exception {
    for (String tag : WAYS) {
      Path directory = data.resolve(tag);
      writers.add(new Writer(directory.resolve("channel"), FullHeapApp::byChannel));
      writers.add(new Writer(directory.resolve("random"), FullHeapApp::byRandomAccess));
      writers.add(new Writer(directory.resolve("stream"), FullHeapApp::byStream));
      writers.add(new Writer(directory.resolve("transfer"), FullHeapApp::byTransfer));
      if (agent && !tag.equals("behind")) { // The JDK's own tasks may end without an ending.
        writers.add(new Writer(directory.resolve("asynchronous"), FullHeapApp::asynchronously));
      }
    }
  }

  private static void byChannel(Path file, ByteBuffer block, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      writeAll(channel, block, at);
      channel.force(false);
      ByteBuffer there = block.duplicate();
      there.clear();
      channel.read(there, at);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer block, long at) throws IOException {
    while (block.hasRemaining()) {
      channel.write(block, at + block.position());
    }
  }

  private static void byRandomAccess(Path file, ByteBuffer block, long at) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(at);
      random.write(block.array());
    }
  }

  /** All of the file, in pieces that are no blocks. */
  private static void byStream(Path file, ByteBuffer block, long at) throws IOException {
    try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
      for (int i = 0; i < BLOCKS; i++) {
        stream.write(block.array(), 0, 1000);
        stream.write(block.array(), 1000, BLOCK - 1000);
      }
    }
  }

  private static void byTransfer(Path file, ByteBuffer block, long at) throws IOException {
    Path from = file.resolveSibling("source-" + file.getFileName());
    try (FileChannel source =
            FileChannel.open(
                from,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
      writeAll(source, block, 0);
      long done = 0;
      while (done < BLOCK) {
        done += to.transferFrom(source.position(done), at + done, BLOCK - done);
      }
    }
  }

  private static void asynchronously(Path file, ByteBuffer block, long at) throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
      while (block.hasRemaining()) {
        channel.write(block, at + block.position()).get();
      }
    }
  }

  /** One file's. Its fields are its thread's until that has ended. */
  private final class Writer implements Runnable {
    private final Path file;
    private final Way way;
    private final boolean stream;
    private final byte[] expected = new byte[BLOCKS];
    private final boolean[] inDoubt = new boolean[BLOCKS];
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile Throwable wrong;
    private volatile Thread thread;
    private byte value;

    Writer(Path file, Way way) throws IOException {
      this.file = file;
      this.way = way;
      stream = file.endsWith("stream");
      Files.write(file, new byte[BLOCKS * BLOCK]);
    }

    @Override
    public void run() {
      for (int i = 0; !stopping && wrong == null; i = (i + 1) % BLOCKS) {
        step(i);
      }
    }

    /** A step that fails, so that all of it is linked. */
    void rehearse() {
      try {
        throw new OutOfMemoryError("rehearsed");
      } catch (Throwable e) {
        wrong = isOwn(e) ? wrong : e;
      }
    }

    private void step(int index) {
      value = (byte) Math.max(1, value + 1 & 0x7f);
      Arrays.fill(block.array(), value);
      block.clear();
      try {
        way.write(file, block, (long) index * BLOCK);
        set(stream ? 0 : index, stream ? BLOCKS : index + 1, value, false);
      } catch (Throwable e) {
        set(stream ? 0 : index, stream ? BLOCKS : index + 1, value, true);
        failed.incrementAndGet();
        if (!isOwn(e)) {
          wrong = e;
        }
      }
      steps.incrementAndGet();
    }

    private void set(int from, int to, byte newValue, boolean doubt) {
      for (int i = from; i < to; i++) {
        expected[i] = newValue;
        inDoubt[i] = doubt;
      }
    }

    /** With the heap free again: all blocks once more, without any error, and as expected. */
    void check() throws IOException {
      verify();
      int before = failed.get();
      for (int i = 0; i < BLOCKS; i++) {
        step(i);
      }
      if (failed.get() != before && file.toString().contains("pipelined")) {
        before = failed.get(); // The error of a write that had returned is due at the next call.
        for (int i = 0; i < BLOCKS; i++) {
          step(i);
        }
      }
      if (failed.get() != before) {
        throw new IOException(file + ": fails with a heap that is free", wrong);
      }
      verify();
    }

    private void verify() throws IOException {
      if (wrong != null) {
        throw new IOException(file + ": no error of a heap that is full", wrong);
      }
      byte[] all = Files.readAllBytes(file);
      for (int i = 0; i < BLOCKS * BLOCK; i++) {
        int at = i / BLOCK;
        if (!inDoubt[at] && (i >= all.length || all[i] != expected[at])) {
          throw new IOException(
              file + ": byte " + i + " of " + all.length + ", expected " + expected[at]);
        }
      }
    }
  }

  /** Whether a plain JVM throws it with a heap that is full. */
  private static boolean isOwn(Throwable thrown) {
    for (Throwable one = thrown; one != null; one = one.getCause()) {
      if (one instanceof OutOfMemoryError || isOfNativeThreadSet(one)) {
        return true;
      }
    }
    return false;
  }

  /** The JDK's channels remove a thread, number -1, that they had no memory to add. */
  private static boolean isOfNativeThreadSet(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    return thrown instanceof ArrayIndexOutOfBoundsException
        && frames.length > 0
        && frames[0].getClassName().equals("sun.nio.ch.NativeThreadSet");
  }

  private void run(int rounds, int seconds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      stopping = false;
      for (Writer writer : writers) {
        writer.rehearse();
        writer.thread = new Thread(writer, "writer of " + writer.file);
        writer.thread.setDaemon(true);
        writer.thread.start();
      }
      Thread.sleep(round == 0 ? 2000 : 300); // All that they need is loaded.
      fill(TimeUnit.SECONDS.toNanos(seconds));
      Thread.sleep(200);
      stopping = true;
      for (Writer writer : writers) {
        writer.thread.join(TimeUnit.NANOSECONDS.toMillis(HUNG_NANOS));
        if (writer.thread.isAlive()) {
          end(writer);
        }
      }
      for (Writer writer : writers) {
        writer.check();
      }
    }
    checkAgent();
    int steps = writers.stream().mapToInt(writer -> writer.steps.get()).sum();
    int failed = writers.stream().mapToInt(writer -> writer.failed.get()).sum();
    System.out.println("full heap: " + steps + " writes, " + failed + " failed with the Error");
  }

  private static void end(Writer writer) {
    System.err.println(writer.file + ": hangs");
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              System.err.println(thread);
              Arrays.stream(stack).forEach(frame -> System.err.println("    " + frame));
            });
    Runtime.getRuntime().halt(1);
  }

  private static void fill(long nanos) throws InterruptedException {
    Thread filling =
        new Thread(
            () -> {
              try {
                fillHere(nanos);
              } catch (OutOfMemoryError e) {
                return; // Full for less long.
              }
            });
    filling.start();
    filling.join();
    System.gc();
  }

  private static void fillHere(long nanos) {
    Object[] held = null;
    int size = 1 << 20;
    long until = 0;
    try {
      while (until == 0 || System.nanoTime() - until < 0) {
        try {
          held = new Object[] {held, new byte[size]};
        } catch (OutOfMemoryError e) {
          size = Math.max(16, size / 8);
          until = until == 0 ? System.nanoTime() + nanos : until;
        }
      }
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  /** Its thread is there, and it holds nothing. */
  private static void checkAgent() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    if (!server.isRegistered(mbean())) {
      return;
    }
    boolean watched =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("dio-watchdog"));
    if (!watched) {
      throw new IllegalStateException("the watchdog is gone");
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!"0".equals(String.valueOf(server.getAttribute(mbean(), "BufferBytes")))) {
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "buffer bytes "
                + server.getAttribute(mbean(), "BufferBytes")
                + ", open files "
                + server.getAttribute(mbean(), "OpenFiles"));
      }
      Thread.sleep(10);
    }
  }
}
