package io.dioagent.runtime.schedule;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.pastalab.fray.core.RunContext;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;
import org.pastalab.fray.core.delegates.DelegateSynchronizer;
import org.pastalab.fray.core.delegates.RuntimeDelegate;
import org.pastalab.fray.core.randomness.ControlledRandom;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.RandomScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;
import org.pastalab.fray.runtime.Runtime;

/**
 * Runs a scenario again and again, each time with its threads interleaved by Fray as a seed says.
 * An even seed samples partial orders, an odd one takes any thread that can go on. Time is virtual:
 * it passes only while each thread waits, so a wait that ends by its limit is seen as the time that
 * it took.
 *
 * <p>Needs a JVM whose JDK Fray has instrumented.
 */
public final class Schedules {
  /** Of virtual time, for each look at the clock. */
  private static final long STEP_NANOS = 100;

  /** How often it is seen whether a thread beside the scenario's has failed. */
  private static final long LOOK_MILLIS = 100;

  /** A schedule that takes longer has threads that go in circles. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** The scenario's thread may take so long to end after another one has failed. */
  private static final long GRACE_MILLIS = 300;

  private static volatile long currentSeed;

  private final Configuration configuration;
  private long steps;

  /**
   * Schedules whose failures are reported.
   *
   * @param report directory of what is kept of a failure
   * @param quiet whether nothing is printed of a failure
   */
  public Schedules(Path report, boolean quiet) {
    PrintStream out = System.out;
    if (quiet) {
      System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }
    try {
      configuration = configuration(report);
    } finally {
      System.setOut(out);
    }
  }

  private static Configuration configuration(Path report) {
    return new Configuration(
        new ExecutionInfo(new LambdaExecutor(() -> null), false, false, -1),
        report,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        scheduler(0),
        () -> random(0),
        false,
        false,
        true, // No exit of this JVM.
        false,
        false,
        false,
        NetworkDelegateType.NONE,
        SystemTimeDelegateType.MOCK,
        STEP_NANOS,
        false, // A wait with a limit takes its time.
        false,
        false,
        false,
        false,
        false,
        null);
  }

  private static Scheduler scheduler(long seed) {
    return seed % 2 == 0 ? new POSScheduler(random(seed)) : new RandomScheduler(random(seed));
  }

  private static ControlledRandom random(long seed) {
    return new ControlledRandom(new ArrayList<>(), new ArrayList<>(), new Random(seed));
  }

  /**
   * What went wrong.
   *
   * @param seed of the schedule
   * @param cause thrown by the scenario or one of its threads, or by Fray: a deadlock
   */
  public record Failure(long seed, Throwable cause) {}

  /**
   * Runs a scenario under one schedule after the other.
   *
   * @return the first failure; null if there is none
   */
  public Failure run(Runnable scenario, long firstSeed, int count) throws InterruptedException {
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      Throwable cause = run(scenario, seed);
      if (cause != null) {
        return new Failure(seed, cause);
      }
    }
    return null;
  }

  private Throwable run(Runnable scenario, long seed) throws InterruptedException {
    configuration.setCurrentIteration((int) seed);
    configuration.setScheduler(scheduler(seed));
    currentSeed = seed;
    RunContext context = new RunContext(configuration);
    Thread main = new Thread(() -> runIn(context, scenario), "scenario");
    main.start();
    long start = System.nanoTime();
    boolean inTime = true;
    do {
      main.join(LOOK_MILLIS);
      inTime = System.nanoTime() - start < LONGEST_NANOS;
    } while (main.isAlive() && context.getBugFound() == null && inTime);
    if (main.isAlive() && inTime) {
      main.join(GRACE_MILLIS);
    }
    Throwable cause = context.getBugFound();
    if (main.isAlive() && cause == null) {
      cause = new AssertionError("the schedule does not end, at step " + context.getStep());
      cause.setStackTrace(main.getStackTrace());
    }
    Runtime.resetAllDelegate(); // Threads of a schedule that failed stay where they are.
    steps += context.getStep();
    context.shutDown();
    return cause;
  }

  private void runIn(RunContext context, Runnable scenario) {
    DelegateSynchronizer synchronizer = new DelegateSynchronizer(context);
    Runtime.NETWORK_DELEGATE =
        configuration.getNetworkDelegateType().produce(context, synchronizer);
    Runtime.LOCK_DELEGATE = new RuntimeDelegate(context, synchronizer);
    Runtime.start();
    try {
      scenario.run();
      Runtime.onMainExit();
    } catch (RuntimeException | Error e) {
      Runtime.onReportError(e);
      Runtime.resetAllDelegate();
    }
  }

  /** A number below a limit that depends on the seed of the schedule that runs. */
  public static int choice(int limit) {
    return (int) (currentSeed / 2 % limit);
  }

  /** Steps of all schedules so far: before each of them, another thread may have gone on. */
  public long steps() {
    return steps;
  }
}
