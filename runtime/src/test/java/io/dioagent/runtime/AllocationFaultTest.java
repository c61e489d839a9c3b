package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.testing.AllocationFaults;
import io.dioagent.runtime.testing.AllocationFaults.Scope;
import io.dioagent.runtime.testing.AllocationRun;
import io.dioagent.runtime.testing.FaultingLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each allocation of each operation fails once, on any thread. The operation ends once, with
 * success or with that Error. The next one works, nothing is held, and no thread is gone.
 *
 * <p>A failure names operation, number of the allocation and length of the burst: {@code
 * -Ddio.test.allocation=write:WORK:17:1} repeats it alone, {@code write} all of one operation.
 * {@code -Ddio.test.allocations=all} takes each number, the default form only some.
 */
@Tag("host")
class AllocationFaultTest {
  private static final long LONGEST_MILLIS = 10_000;
  private static final int MOST_FAILURES = 12;
  private static final boolean ALL = "all".equals(System.getProperty("dio.test.allocations"));
  private static final String ONE = System.getProperty("dio.test.allocation");
  private static final int[] BURSTS = {1, 6};

  private final List<String> failures = new ArrayList<>();
  private String operation;
  private AllocationRun run;
  private int seed;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write",
        "write-unaligned",
        "write-large",
        "write-short",
        "write-eio",
        "append",
        "pipelined",
        "pipelined-close",
        "pipelined-eio",
        "behind",
        "behind-own",
        "behind-close",
        "async",
        "async-unaligned",
        "async-short",
        "async-eio",
        "queue",
        "queue-new",
        "read",
        "read-ahead",
        "read-at-end",
        "open-close",
        "force",
        "write-late",
        "async-late"
      })
  void eachAllocation(String name) throws Exception {
    operation = name;
    String[] parts = ONE == null ? new String[] {name} : ONE.split(":");
    assumeTrue(parts[0].equals(name), "only " + ONE);
    start();
    int trials = 0;
    try {
      if (parts.length > 1) {
        trial(Scope.valueOf(parts[1]), Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
      } else {
        for (Scope scope : Scope.values()) {
          for (int burst : BURSTS) {
            trials += allOf(scope, burst);
          }
        }
      }
    } finally {
      stop();
    }
    System.out.println(name + ": " + trials + " failed allocations, " + failures.size() + " wrong");
    assertTrue(failures.isEmpty(), () -> String.join("\n", failures));
  }

  /** Returns the step between two numbers; the default form takes only some. */
  private int step(Scope scope, int burst) {
    boolean slow = operation.endsWith("-late") || scope == Scope.WATCHDOG;
    return ALL ? 1 : slow ? 11 : burst > 1 ? 13 : 5;
  }

  private int allOf(Scope scope, int burst) throws Exception {
    int trials = 0;
    long most = scope == Scope.WATCHDOG ? 12 : Long.MAX_VALUE;
    for (long k = 1; k <= most && failures.size() < MOST_FAILURES; k += step(scope, burst)) {
      trials++;
      if (!trial(scope, k, burst)) {
        break;
      }
    }
    return trials;
  }

  @SuppressWarnings("unchecked")
  private void start() throws Exception {
    FaultingLoader loader = new FaultingLoader(DirectRuntime.class);
    Constructor<?> constructor =
        loader.loadClass(AllocationRuns.class.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    run = ((Function<String, AllocationRun>) constructor.newInstance()).apply(operation);
    for (int i = 0; i < 3; i++) { // Loads classes, links lambdas, starts threads.
      Throwable thrown = guarded(() -> run.once(++seed));
      if (thrown != null) {
        throw new AssertionError("without a failed allocation", thrown);
      }
    }
    assertEquals(null, awaitSettled());
  }

  private void stop() throws Exception {
    Throwable thrown = guarded(run::close);
    if (thrown != null) {
      failures.add("close: " + thrown);
    }
  }

  private interface Step {
    void run() throws Throwable;
  }

  /** Runs a step on its own thread, for a bounded time. */
  private Throwable guarded(Step step) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (Throwable e) {
                thrown[0] = e;
              }
            },
            "operation");
    thread.setDaemon(true);
    thread.start();
    thread.join(LONGEST_MILLIS);
    if (thread.isAlive()) {
      AllocationFaults.disarm();
      return new AssertionError("hangs: " + stacks());
    }
    return thrown[0];
  }

  /** Returns false if there are fewer allocations than that. */
  private boolean trial(Scope scope, long k, int burst) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true));
    List<AllocationFaults.Injected> injected;
    String wrong;
    try {
      AllocationFaults.arm(scope, k, burst);
      Throwable thrown = guarded(() -> run.once(++seed));
      if (scope == Scope.WATCHDOG && AllocationFaults.thrown().isEmpty()) {
        Thread.sleep(50); // The watchdog's rounds come by themselves.
      }
      AllocationFaults.disarm();
      injected = AllocationFaults.thrown();
      wrong = wrong(thrown);
      if (wrong == null && !injected.isEmpty()) {
        wrong = wrongAfterwards();
      }
    } finally {
      System.setErr(before);
    }
    if (wrong != null) {
      String at = injected.isEmpty() ? "none thrown" : trace(injected.get(0));
      failures.add(operation + ":" + scope + ":" + k + ":" + burst + " " + wrong + "\n  " + at);
      stop();
      start();
    }
    return !injected.isEmpty();
  }

  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.getMessage());
    Arrays.stream(thrown.getStackTrace())
        .skip(1)
        .limit(14)
        .forEach(frame -> text.append("\n    ").append(frame));
    return text.toString();
  }

  private static String wrong(Throwable thrown) {
    if (thrown == null) {
      return null;
    }
    if (thrown instanceof OutOfMemoryError) {
      return null;
    }
    boolean deviceError = String.valueOf(thrown.getMessage()).contains("Input/output error");
    if (thrown instanceof IOException && !deviceError && hasCause(thrown)) {
      return null;
    }
    return "ended with " + thrown + ", cause " + thrown.getCause() + "\n  " + trace(thrown);
  }

  private static boolean hasCause(Throwable thrown) {
    for (Throwable one = thrown; one != null; one = one.getCause()) {
      if (one instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  private String wrongAfterwards() throws Exception {
    String before = awaitSettled();
    if (before != null) {
      return "not settled: " + before;
    }
    Throwable thrown = guarded(() -> run.once(++seed));
    if (thrown != null && hasCause(thrown)) {
      thrown = guarded(() -> run.once(++seed)); // The pending error of a pipelined write.
    }
    if (thrown != null) {
      return "the next one: " + thrown + "\n  " + trace(thrown);
    }
    String after = awaitSettled();
    return after == null ? null : "not settled after the next one: " + after;
  }

  private String awaitSettled() throws InterruptedException {
    long until = System.nanoTime() + LONGEST_MILLIS * 300_000;
    String wrong;
    while ((wrong = run.notSettled()) != null && System.nanoTime() - until < 0) {
      Thread.sleep(1);
    }
    return wrong;
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      String name = one.getKey().getName();
      if (name.startsWith("dio-") || name.equals("operation")) {
        text.append("\n    ").append(name).append(":");
        Arrays.stream(one.getValue())
            .filter(frame -> frame.getClassName().contains("dioagent"))
            .limit(6)
            .forEach(frame -> text.append(" <- ").append(frame));
      }
    }
    return text.toString();
  }
}
