package io.dioagent.agent.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.AccessControlException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An application under a security manager, which lets it use one directory. Prints a line for each
 * thing that it did, and what it was refused; with the agent the same lines as without.
 *
 * <p>Arguments: the directory; another one with {@link TrustedHandler}, to which the policy grants
 * everything; {@code start} if there is a security manager, {@code later} to set one, {@code
 * waiting} if there is one, to print {@code ready} and wait for a line on stdin first.
 */
public final class GuardedApp {
  private static final int BLOCK = 4096;

  private final Path directory;
  private final Path trusted;

  private GuardedApp(Path directory, Path trusted) {
    this.directory = directory;
    this.trusted = trusted;
  }

  /** Something to do. */
  private interface Step {
    Object run() throws Exception;
  }

  /** Does all. */
  @SuppressWarnings("removal")
  public static void main(String[] arguments) throws Exception {
    GuardedApp app = new GuardedApp(Path.of(arguments[0]), Path.of(arguments[1]));
    if (arguments[2].equals("later")) {
      System.setSecurityManager(new SecurityManager());
    }
    if (arguments[2].equals("waiting")) {
      app.openBefore();
    }
    app.refused();
    app.blocking();
    app.asynchronous();
    System.out.println("done");
    System.exit(0);
  }

  /** Opens a file before it waits, and writes to it after. */
  private void openBefore() throws IOException {
    Path file = directory.resolve("before");
    byte[] data = bytes(2 * BLOCK, 9);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      System.out.println("ready");
      int unused = System.in.read();
      step("opened before", () -> channel.write(ByteBuffer.wrap(data)) + check(file, data));
    }
  }

  @SuppressWarnings("removal")
  private static void step(String name, Step step) {
    try {
      System.out.println(name + " " + step.run());
    } catch (AccessControlException e) {
      System.out.println(name + " refused " + e.getPermission());
    } catch (Throwable e) {
      System.out.println(name + " " + e);
      e.printStackTrace();
    }
  }

  /** Actions that are permitted to the agent, but not to the application. */
  private void refused() {
    step("open outside", () -> FileChannel.open(Path.of("/etc/hostname")));
    step("stream outside", () -> new FileOutputStream("/tmp/none-of-mine"));
    step("descriptor", () -> FileChannel.open(Path.of("/proc/self/fd/0")));
    step("length outside", () -> new java.io.File("/etc/hostname").length());
    step("copy from outside", () -> Files.copy(Path.of("/etc/hostname"), directory.resolve("h")));
    step("exec", () -> new ProcessBuilder("true").start());
    step("property", () -> System.setProperty("a", "b"));
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }

  private static String check(Path file, byte[] expected) throws IOException {
    return java.util.Arrays.equals(expected, Files.readAllBytes(file)) ? "ok" : "other bytes";
  }

  private void blocking() {
    for (int length : new int[] {BLOCK, 3 * BLOCK, 5000, 100}) {
      byte[] data = bytes(length, length);
      step(
          "channel " + length,
          () -> {
            Path file = directory.resolve("channel" + length);
            try (FileChannel channel =
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.READ)) {
              int unused = channel.write(ByteBuffer.wrap(data));
              channel.force(true);
              unused = channel.write(ByteBuffer.wrap(data), 0);
              channel.force(false);
              unused = channel.read(ByteBuffer.allocate(length), 0);
              return check(file, data) + channel.size();
            }
          });
    }
    otherWays(bytes(10_000, 1));
  }

  private void otherWays(byte[] data) {
    step(
        "stream",
        () -> {
          Path file = directory.resolve("stream");
          try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(data, 0, 9999);
            out.write(data[9999]);
          }
          return check(file, data);
        });
    step(
        "random access",
        () -> {
          Path file = directory.resolve("random");
          try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(data);
            out.seek(0);
            return check(file, data) + out.length() + " " + out.readLong();
          }
        });
    step(
        "copy",
        () -> {
          Path copy = directory.resolve("copy");
          Path unused =
              Files.copy(directory.resolve("stream"), copy, StandardCopyOption.REPLACE_EXISTING);
          return check(copy, data);
        });
    step(
        "transfer",
        () -> {
          Path file = directory.resolve("transfer");
          try (FileChannel from = FileChannel.open(directory.resolve("stream"));
              FileChannel to =
                  FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            return from.transferTo(0, data.length, to) + check(file, data);
          }
        });
    step("files", () -> check(Files.write(directory.resolve("files"), data), data));
    step(
        "threads",
        () -> {
          // Many at once: the agent makes threads for them.
          ExecutorService pool = Executors.newFixedThreadPool(8);
          java.util.List<Future<?>> all = new java.util.ArrayList<>();
          for (int i = 0; i < 32; i++) {
            Path file = directory.resolve("thread" + i);
            all.add(pool.submit(() -> check(Files.write(file, data), data)));
          }
          String last = "";
          for (Future<?> one : all) {
            last = (String) one.get();
          }
          pool.shutdown();
          return last;
        });
    step("mbean", () -> mbean());
  }

  /** Reads the attributes of the agent's MBean; without an agent, returns the same answer. */
  private static String mbean() throws Exception {
    javax.management.MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    javax.management.ObjectName name = new javax.management.ObjectName("io.dioagent:type=DirectIo");
    if (System.getProperty("with.agent") == null) {
      return "answers";
    }
    for (int i = 0; i < 1200 && !server.isRegistered(name); i++) {
      Thread.sleep(50);
    }
    for (javax.management.MBeanAttributeInfo one : server.getMBeanInfo(name).getAttributes()) {
      if (server.getAttribute(name, one.getName()) == null) {
        return "no " + one.getName();
      }
    }
    return "answers";
  }

  private void asynchronous() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    @SuppressWarnings("unchecked")
    CompletionHandler<Integer, BlockingQueue<Object>> trustedHandler =
        (CompletionHandler<Integer, BlockingQueue<Object>>)
            new URLClassLoader(
                    new URL[] {trusted.toUri().toURL()}, ClassLoader.getPlatformClassLoader())
                .loadClass("io.dioagent.agent.host.TrustedHandler")
                .getConstructor()
                .newInstance();
    for (ExecutorService executor : new ExecutorService[] {pool, null}) {
      String name = executor == null ? "default group" : "executor";
      for (int length : new int[] {BLOCK, 5000}) {
        step(
            "async " + name + " " + length,
            () -> {
              Path file = directory.resolve("async" + name.length() + length);
              byte[] data = bytes(length, 7);
              BlockingQueue<Object> results = new LinkedBlockingQueue<>();
              try (AsynchronousFileChannel channel =
                  AsynchronousFileChannel.open(
                      file,
                      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                      executor)) {
                int written = channel.write(ByteBuffer.wrap(data), 0).get();
                StringBuilder calls = new StringBuilder();
                for (int i = 0; i < 40; i++) { // Long enough for handlers to count as short.
                  channel.write(ByteBuffer.wrap(data), 0, results, trustedHandler);
                  String call = String.valueOf(results.poll(60, TimeUnit.SECONDS));
                  if (calls.indexOf(call) < 0) {
                    calls.append(call).append(" ");
                  }
                }
                channel.force(true);
                return written + " " + calls + check(file, data);
              }
            });
      }
    }
    // An executor with tasks that the application runs where it likes.
    Executor direct = Runnable::run;
    step("executor of its own", () -> own(direct, trustedHandler));
    pool.shutdown();
  }

  private Object own(
      Executor tasks, CompletionHandler<Integer, BlockingQueue<Object>> trustedHandler)
      throws Exception {
    BlockingQueue<Object> results = new LinkedBlockingQueue<>();
    java.util.concurrent.AbstractExecutorService service =
        new java.util.concurrent.AbstractExecutorService() {
          @Override
          public void execute(Runnable task) {
            try {
              Files.readAllBytes(Path.of("/etc/hostname"));
              results.add("the executor may read");
            } catch (SecurityException e) {
              results.add("the executor may not read");
            } catch (IOException e) {
              results.add(e);
            }
            tasks.execute(task);
          }

          @Override
          public void shutdown() {}

          @Override
          public java.util.List<Runnable> shutdownNow() {
            return java.util.List.of();
          }

          @Override
          public boolean isShutdown() {
            return false;
          }

          @Override
          public boolean isTerminated() {
            return false;
          }

          @Override
          public boolean awaitTermination(long time, TimeUnit unit) {
            return false;
          }
        };
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            directory.resolve("own"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            service)) {
      channel.write(ByteBuffer.wrap(bytes(BLOCK, 3)), 0, results, trustedHandler);
      return results.poll(60, TimeUnit.SECONDS) + ", " + results.poll(60, TimeUnit.SECONDS);
    }
  }
}
