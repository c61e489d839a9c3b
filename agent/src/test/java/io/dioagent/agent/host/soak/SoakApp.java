package io.dioagent.agent.host.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Writes in every way, from several threads, in each directory below one, and compares the content,
 * while its stack ends, its heap is full, and its threads are interrupted. Arguments: the
 * directory, seconds, a seed, and what disturbs: any of {@code stack}, {@code heap}, {@code gc},
 * {@code interrupt}, {@code damage}. {@code stack-async} and {@code heap-async} have asynchronous
 * channels meet the end of the stack and a full heap, too, which a plain JVM does not survive: its
 * own executor is left locked, or its task dies without an ending. Ends with 0 if there was nothing
 * that a plain JVM does not show.
 */
public final class SoakApp {
  /** A worker that does nothing for so long hangs. The process may be stopped in between. */
  private static final int HUNG_LOOKS = 3_000;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long HEAP_EVERY_MILLIS = 3_000;
  private static final long COLLECT_EVERY_MILLIS = 2_000;
  private static final long INTERRUPT_EVERY_MILLIS = 20;
  private static final long DAMAGE_EVERY_MILLIS = 50;

  private final Account account = new Account();
  private final List<Worker> workers = new ArrayList<>();
  private final List<MixWorker> interrupted = new ArrayList<>();
  private final List<Path> mixed = new ArrayList<>();
  private final Disturbances disturbances = new Disturbances();
  private final SplittableRandom random;
  private final String disturbs;

  private SoakApp(long seed, String disturbs) {
    random = new SplittableRandom(seed);
    this.disturbs = disturbs;
  }

  /** Prints the counts, in one line that begins with {@code soak:}. */
  public static void main(String[] args) throws Exception {
    System.out.println("seed " + args[2]);
    SoakApp app = new SoakApp(Long.parseLong(args[2]), args[3]);
    app.run(Path.of(args[0]), TimeUnit.SECONDS.toNanos(Long.parseLong(args[1])));
    System.out.println("soak: " + app.account);
    System.exit(app.account.isClean() ? 0 : 1);
  }

  private void run(Path directory, long nanos) throws Exception {
    try (var below = Files.list(directory)) {
      for (Path mode : below.filter(Files::isDirectory).sorted().toList()) {
        add(mode);
      }
    }
    for (Worker worker : workers) {
      Thread thread = new Thread(worker, "soak " + worker.name);
      thread.setDaemon(true);
      thread.start();
    }
    watch(WARM_UP_NANOS);
    disturb();
    System.out.println("disturbed");
    watch(nanos);
    disturbances.stopAll();
    System.out.println("undisturbed");
    workers.forEach(Worker::stop);
    watch(Long.MAX_VALUE / 2);
    checkCounts();
  }

  private void add(Path mode) throws IOException {
    boolean asynchronous = !disturbs.contains("heap") || disturbs.contains("heap-async");
    mixed.add(mode.resolve("mixed"));
    workers.add(new MixWorker(mode.resolve("mixed"), account, random.split(), asynchronous));
    MixWorker often =
        new MixWorker(mode.resolve("interrupted"), account, random.split(), asynchronous);
    workers.add(often);
    interrupted.add(often);
    workers.add(new OverlapWorker(mode.resolve("overlap"), account, random.split(), asynchronous));
    if (disturbs.contains("stack")) {
      boolean alsoDeep = disturbs.contains("stack-async");
      workers.add(new StackWorker(mode.resolve("deep"), account, random.split(), alsoDeep));
    }
  }

  private void disturb() {
    if (disturbs.contains("heap")) {
      disturbances.fillHeap(HEAP_EVERY_MILLIS);
    }
    if (disturbs.contains("gc")) {
      disturbances.collect(COLLECT_EVERY_MILLIS);
    }
    if (disturbs.contains("interrupt")) {
      disturbances.interrupt(interrupted, random.split(), INTERRUPT_EVERY_MILLIS);
    }
    if (disturbs.contains("damage")) {
      disturbances.damage(mixed, random.split(), DAMAGE_EVERY_MILLIS);
    }
  }

  /** Looks at the workers' progress, until a time has passed or all have ended. */
  private void watch(long nanos) {
    long begin = System.nanoTime();
    long[] steps = new long[workers.size()];
    int[] looks = new int[workers.size()];
    while (System.nanoTime() - begin < nanos && !haveAllEnded()) {
      LockSupport.parkNanos(LOOK_NANOS);
      for (int i = 0; i < steps.length; i++) {
        Worker worker = workers.get(i);
        looks[i] = worker.steps() == steps[i] && !worker.hasEnded() ? looks[i] + 1 : 0;
        steps[i] = worker.steps();
        if (looks[i] == HUNG_LOOKS) {
          account.hung(worker.name, worker.thread());
          end();
        }
      }
    }
  }

  /** Does not wait for threads that hang. */
  private void end() {
    printStacks();
    System.out.println("soak: " + account);
    Runtime.getRuntime().halt(1);
  }

  private static void printStacks() {
    for (var entry : Thread.getAllStackTraces().entrySet()) {
      System.err.println(entry.getKey());
      for (StackTraceElement element : entry.getValue()) {
        System.err.println("    " + element);
      }
    }
  }

  /** Allocates nothing, as the heap may be full. */
  private boolean haveAllEnded() {
    for (int i = 0; i < workers.size(); i++) {
      if (!workers.get(i).hasEnded()) {
        return false;
      }
    }
    return true;
  }

  /**
   * With nothing under way any more the agent holds nothing, if it is there, and has lost nothing:
   * an error of a full heap may have replaced the exception that says so.
   */
  private void checkCounts() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.dioagent:type=DirectIo");
    for (int i = 0; i < HUNG_LOOKS && !isAtRest(server, name); i++) {
      System.gc(); // Closes the channels that were left open when the stack ended.
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (!isAtRest(server, name)) {
      printStacks();
      account.error(
          "the agent, at rest",
          new IllegalStateException(
              "lost "
                  + server.getAttribute(name, "Lost")
                  + ", in flight "
                  + Arrays.deepToString((Object[]) server.getAttribute(name, "InFlight"))
                  + ", buffer bytes "
                  + server.getAttribute(name, "BufferBytes")
                  + ", open files "
                  + server.getAttribute(name, "OpenFiles")));
    }
  }

  private static boolean isAtRest(MBeanServer server, ObjectName name) throws JMException {
    return !server.isRegistered(name)
        || ((long) server.getAttribute(name, "Lost") == 0
            && sizeOf(server.getAttribute(name, "InFlight")) == 0
            && (long) server.getAttribute(name, "BufferBytes") == 0
            && (int) server.getAttribute(name, "OpenFiles") == 0);
  }

  private static int sizeOf(Object rows) {
    return rows instanceof Object[] array ? array.length : ((Collection<?>) rows).size();
  }
}
