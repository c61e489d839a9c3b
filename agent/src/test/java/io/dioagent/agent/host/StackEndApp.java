package io.dioagent.agent.host;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Exhausts its stack in every way to write, read, force and close, in each directory below one, and
 * checks the remaining state. Arguments: the directory, one beside it, the overflows to reach in
 * each of its directories, a seed, and whether asynchronous channels take part, which a plain JVM
 * does not survive: the lock of its pool's queue is left locked. Ends with 0 if all is correct.
 */
public final class StackEndApp {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A thread that does not go on for so long hangs. */
  private static final int HUNG_LOOKS = 1000;

  /** More than the calls after which reflection, of a mapping's class, makes itself a class. */
  private static final int WARM_UPS = 20;

  /** A plain JVM's own close waits for ever for an operation that did not see itself end. */
  private static final long CLOSE_MILLIS = 2000;

  private final SplittableRandom random;
  private final long wanted;
  private final ExecutorService pool;
  private final StackEndBystander bystander;
  private long overflows;
  private int hungCloses;
  private int struck;
  private int leftOpen;
  private volatile String doing = "";

  private StackEndApp(long wanted, long seed, ExecutorService pool, StackEndBystander bystander) {
    this.wanted = wanted;
    this.pool = pool;
    this.bystander = bystander;
    random = new SplittableRandom(seed);
  }

  /** See the class. */
  @SuppressWarnings("CatchAndPrintStackTrace") // It halts after that.
  public static void main(String[] args) {
    int exit = 1;
    try {
      run(args);
      exit = 0;
    } catch (Exception | Error e) {
      e.printStackTrace();
    } finally {
      System.out.flush();
      Runtime.getRuntime().halt(exit);
    }
  }

  private static void run(String[] args) throws Exception {
    List<Path> directories = new ArrayList<>();
    try (var all = Files.list(Path.of(args[0]))) {
      all.sorted().forEach(directories::add);
    }
    boolean asynchronous = Boolean.parseBoolean(args[4]);
    ExecutorService pool = asynchronous ? warmPool() : null;
    warmUp(Path.of(args[1]), pool);
    StackEndBystander bystander = new StackEndBystander(directories);
    StackEndApp app =
        new StackEndApp(Long.parseLong(args[2]), Long.parseLong(args[3]), pool, bystander);
    Thread watch = new Thread(app::watch, "watch");
    watch.setDaemon(true);
    watch.start();
    bystander.start();
    for (Path directory : directories) {
      app.inAllWays(directory);
    }
    bystander.stop();
    app.checkCounts("after all ways", app.hungCloses);
    for (Path directory : directories) {
      app.closings(directory);
    }
    app.checkCounts("after all closings", app.hungCloses + app.struck);
    System.out.println(
        app.overflows
            + " overflows, "
            + app.hungCloses
            + " closes that wait for an operation of the JDK's, "
            + app.struck
            + " closes struck, "
            + app.leftOpen
            + " files left open by them");
    System.out.println("all is well");
  }

  /** Its threads are there: to make one takes a lock that an overflow leaves locked. */
  private static ExecutorService warmPool() throws Exception {
    int threads = 3;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      pool.submit(() -> {}).get();
    }
    return pool;
  }

  /** A plain JVM does not survive the end of the stack in a class that it initialises. */
  private static void warmUp(Path untagged, ExecutorService pool) throws Exception {
    StackEndWays ways = new StackEndWays(untagged.resolve("warm"), 0, pool);
    for (StackEndWays.Way way : ways.all().values()) {
      for (int i = 0; i < WARM_UPS; i++) {
        way.run();
      }
    }
    for (Closeable closeable : ways.closeables()) {
      closeable.close();
    }
  }

  /** A separate method, so that its objects are garbage when it has returned. */
  private void closings(Path directory) throws Exception {
    doing = "closings in " + directory;
    StackEndClosings closings = new StackEndClosings(directory, random.split());
    overflows += closings.run();
    struck += closings.struck();
  }

  private void inAllWays(Path directory) throws Exception {
    long before = overflows;
    for (int round = 0; overflows - before < wanted || round == 0; round++) {
      StackEndWays ways = new StackEndWays(directory.resolve("file"), round, pool);
      for (Map.Entry<String, StackEndWays.Way> way : ways.all().entrySet()) {
        doing = way.getKey() + " in " + directory;
        overflows += descend(way);
      }
      for (int i = 0; !ways.isEnded(); i++) {
        if (i == HUNG_LOOKS) {
          throw new IllegalStateException("asynchronous writes do not end");
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      doing = "what is left in " + directory;
      ways.verify();
      for (Closeable closeable : ways.closeables()) {
        close(closeable);
      }
    }
  }

  private long descend(Map.Entry<String, StackEndWays.Way> way) throws Exception {
    try {
      return StackDescent.run(
          () -> {
            way.getValue().run();
            return true;
          },
          random.split());
    } catch (IOException | RuntimeException | Error e) {
      throw new IllegalStateException(doing, e);
    }
  }

  private void close(Closeable closeable) throws Exception {
    List<Throwable> failure = new ArrayList<>(1);
    Thread closing =
        new Thread(
            () -> {
              try {
                closeable.close();
              } catch (IOException | RuntimeException | Error e) {
                failure.add(e);
              }
            },
            "close");
    closing.setDaemon(true);
    closing.start();
    closing.join(CLOSE_MILLIS);
    if (closing.isAlive() && isTheJdksOwn(closing.getStackTrace())) {
      hungCloses++;
      return;
    }
    closing.join();
    if (!failure.isEmpty()) {
      throw new IllegalStateException("close of " + closeable, failure.get(0));
    }
  }

  /** Whether a close waits for a thread that the JDK did not see leave the channel. */
  private static boolean isTheJdksOwn(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals("sun.nio.ch.NativeThreadSet")) {
        return true;
      }
    }
    return false;
  }

  /** With nothing under way any more the agent holds nothing, if it is there. */
  private void checkCounts(String when, int openFiles) throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.dioagent:type=DirectIo");
    if (!server.isRegistered(name)) {
      return;
    }
    String counts = counts(server, name, openFiles);
    for (int i = 0; i < HUNG_LOOKS && counts != null; i++) {
      System.gc(); // Closes streams that an overflow left open.
      LockSupport.parkNanos(LOOK_NANOS);
      counts = counts(server, name, openFiles);
    }
    if (counts != null) {
      throw new IllegalStateException(when + ": " + counts);
    }
    leftOpen = (int) server.getAttribute(name, "OpenFiles");
  }

  /** Null if all are back. */
  private static String counts(MBeanServer server, ObjectName name, int openFiles)
      throws JMException {
    int inFlight = ((Object[]) server.getAttribute(name, "InFlight")).length;
    long bufferBytes = (long) server.getAttribute(name, "BufferBytes");
    long quarantined = (long) server.getAttribute(name, "QuarantinedBytes");
    int open = (int) server.getAttribute(name, "OpenFiles");
    return inFlight == 0 && bufferBytes == 0 && quarantined == 0 && open <= openFiles
        ? null
        : inFlight
            + " in flight, "
            + bufferBytes
            + " buffer bytes, "
            + quarantined
            + " quarantined, "
            + open
            + " open files, expected at most "
            + openFiles;
  }

  private void watch() {
    String last = "";
    long lastSteps = -1;
    int looks = 0;
    while (true) {
      LockSupport.parkNanos(LOOK_NANOS);
      boolean goesOn = !doing.equals(last) && bystander.steps() != lastSteps;
      looks = goesOn ? 0 : looks + 1;
      if (goesOn) {
        last = doing;
        lastSteps = bystander.steps();
      }
      if (looks == HUNG_LOOKS) {
        hung();
      }
    }
  }

  private void hung() {
    System.err.println("hangs in " + doing + ", bystander at step " + bystander.steps());
    for (var entry : Thread.getAllStackTraces().entrySet()) {
      System.err.println(entry.getKey());
      for (StackTraceElement element : entry.getValue()) {
        System.err.println("    " + element);
      }
    }
    Runtime.getRuntime().halt(3);
  }
}
