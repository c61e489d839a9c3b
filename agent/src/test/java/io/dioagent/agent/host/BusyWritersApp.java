package io.dioagent.agent.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Writes blocks to files of its own, in several ways at once, until it is stopped or has written so
 * many, and compares every byte at the end. Ends with 0 if nothing failed or differs.
 *
 * <p>{@code BusyWritersApp DIRECTORY WRITES SPINNERS WAY:BYTES:THREADS...}: WRITES in all, 0 for no
 * end; SPINNERS threads that do nothing but run; WAY is sync, pipelined, behind, async or read, and
 * the name of the directory its files are in. Commands on stdin: {@code stop}; {@code dump FILE
 * MILLIS} stops all threads by a heap dump that takes at least so long.
 */
public final class BusyWritersApp {
  private static final int FILE_BYTES = 1 << 20;
  private static final int ASYNC_DEPTH = 4;

  private final long most;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private volatile boolean stopped;

  private BusyWritersApp(long most) {
    this.most = most;
  }

  /** See above. */
  public static void main(String[] args) throws Exception {
    BusyWritersApp app = new BusyWritersApp(Long.parseLong(args[1]));
    List<Thread> writers = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      String[] way = args[i].split(":", -1);
      Path directory = Files.createDirectories(Path.of(args[0]).resolve(way[0]));
      int bytes = Integer.parseInt(way[1]);
      for (int j = 0; j < Integer.parseInt(way[2]); j++) {
        Path file = directory.resolve(bytes + "-" + j);
        Files.write(file, new byte[FILE_BYTES]);
        Writer writer = app.new Writer(way[0], file, bytes);
        writers.add(new Thread(writer, way[0] + "-" + bytes + "-" + j));
      }
    }
    System.out.println("running");
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      Thread spinner = new Thread(app::spin, "spinner-" + i);
      spinner.setDaemon(true);
      spinner.start();
    }
    writers.forEach(Thread::start);
    if (app.most == 0) {
      app.obey();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    System.out.println("done " + app.done + ", errors " + app.errors + ", wrong " + app.wrong);
    System.exit(app.errors.get() == 0 && app.wrong.get() == 0 ? 0 : 1);
  }

  private void spin() {
    long sum = 0;
    while (!stopped) {
      sum = sum * 31 + System.nanoTime();
    }
    if (sum == 42) {
      System.out.println("so that it is not left out");
    }
  }

  private void obey() throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null && !line.equals("stop"); ) {
      String[] words = line.split(" ", -1);
      dump(Path.of(words[1]), Long.parseLong(words[2]));
    }
    stopped = true;
  }

  private static void dump(Path file, long atLeastMillis) throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName diagnostics = new ObjectName("com.sun.management:type=HotSpotDiagnostic");
    Object[] arguments = {file.toString(), true};
    String[] types = {String.class.getName(), boolean.class.getName()};
    List<Object> ballast = new ArrayList<>();
    long tookMillis = 0;
    while (tookMillis < atLeastMillis) {
      for (int i = 0; i < 1_000_000; i++) {
        ballast.add(new long[] {i});
      }
      Files.deleteIfExists(file);
      long before = System.nanoTime();
      beans.invoke(diagnostics, "dumpHeap", arguments, types);
      tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
    }
    Files.deleteIfExists(file);
    System.out.println("dumped " + ballast.size() + " objects in " + tookMillis + " ms");
  }

  private boolean goesOn() {
    return !stopped && (most == 0 || begun.getAndIncrement() < most);
  }

  private void failed(String what, Throwable cause) {
    errors.incrementAndGet();
    System.out.println("failed " + what + ": " + cause);
  }

  /** One file and its one writer. */
  private final class Writer implements Runnable {
    private final String way;
    private final Path file;
    private final int bytes;
    private final byte[] expected;

    Writer(String way, Path file, int bytes) {
      this.way = way;
      this.file = file;
      this.bytes = bytes;
      expected = new byte[FILE_BYTES / bytes];
    }

    @Override
    public void run() {
      try {
        switch (way) {
          case "async" -> writeAsync();
          case "read" -> read();
          default -> write();
        }
        compare();
      } catch (IOException | RuntimeException e) {
        failed(way, e);
      }
    }

    private ByteBuffer block(int round) {
      ByteBuffer block = ByteBuffer.allocateDirect(bytes);
      while (block.hasRemaining()) {
        block.put((byte) (round % 100 + 1));
      }
      return block.flip();
    }

    private void write() throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        for (int round = 0; goesOn(); round++) {
          int place = round % expected.length;
          try {
            int written = channel.write(block(round), (long) place * bytes);
            expected[place] = (byte) (round % 100 + 1);
            done.incrementAndGet();
            if (written != bytes) {
              failed(way, new IOException(written + " of " + bytes));
            }
          } catch (IOException e) {
            failed(way, e);
          }
        }
        channel.force(false);
      }
    }

    private void writeAsync() throws IOException {
      try (AsynchronousFileChannel channel =
          AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
        List<Future<Integer>> out = new ArrayList<>();
        for (int round = 0; goesOn(); round++) {
          int place = round % expected.length;
          out.add(channel.write(block(round), (long) place * bytes));
          expected[place] = (byte) (round % 100 + 1);
          if (out.size() == Math.min(ASYNC_DEPTH, expected.length)) {
            await(out);
          }
        }
        await(out);
      }
    }

    private void await(List<Future<Integer>> out) {
      for (Future<Integer> one : out) {
        try {
          int written = one.get();
          done.incrementAndGet();
          if (written != bytes) {
            failed(way, new IOException(written + " of " + bytes));
          }
        } catch (ExecutionException | InterruptedException e) {
          failed(way, e);
        }
      }
      out.clear();
    }

    private void read() throws IOException {
      ByteBuffer block = ByteBuffer.allocateDirect(bytes);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        for (int round = 0; goesOn(); round++) {
          block.clear();
          try {
            int read = channel.read(block, (long) (round % expected.length) * bytes);
            done.incrementAndGet();
            if (read != bytes) {
              failed(way, new IOException(read + " of " + bytes));
            }
          } catch (IOException e) {
            failed(way, e);
          }
        }
      }
    }

    private void compare() throws IOException {
      byte[] content = Files.readAllBytes(file);
      for (int place = 0; place < expected.length; place++) {
        byte[] block = Arrays.copyOfRange(content, place * bytes, (place + 1) * bytes);
        byte[] wanted = new byte[bytes];
        Arrays.fill(wanted, expected[place]);
        if (!Arrays.equals(wanted, block)) {
          wrong.incrementAndGet();
          System.out.println("wrong block " + place + " of " + file);
        }
      }
    }
  }
}
