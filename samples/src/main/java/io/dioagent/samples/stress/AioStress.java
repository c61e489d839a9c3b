package io.dioagent.samples.stress;

import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command aio-stress; {@code AioStress --help} prints its options. */
public final class AioStress {
  private static final String USAGE =
      "usage: aio-stress [OPTIONS] FILE...   (--help prints all options)";

  /** Limits the wait for the summary after a signal; past it, the process ends without one. */
  private static final long SUMMARY_SECONDS = 10;

  private final PrintStream out;
  private final PrintStream err;

  AioStress(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command, and exits with a status listed in the help. */
  public static void main(String[] words) throws InterruptedException {
    System.exit(new AioStress(System.out, System.err).run(words));
  }

  /**
   * Runs the command.
   *
   * @return the exit status
   */
  int run(String... words) throws InterruptedException {
    Optional<Arguments.Parsed> parsed;
    try {
      parsed = Arguments.parse(words);
    } catch (Arguments.UsageException e) {
      err.println("aio-stress: " + e.getMessage());
      err.println(USAGE);
      return StressResult.USAGE;
    }
    if (parsed.isEmpty()) {
      out.print(Arguments.help());
      return StressResult.OK;
    }
    return run(parsed.get());
  }

  private int run(Arguments.Parsed parsed) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    out.println("aio-stress " + String.join(" ", CommandText.words(parsed.config())));
    ProgressLine line =
        parsed.progress() || ProgressLine.isTerminal() ? new ProgressLine(err) : null;
    try (JfrEventSink events = new JfrEventSink()) {
      StressRun run =
          new StressRun(parsed.config(), events, err, line == null ? Progress.NONE : line);
      stopOnSignal(run, over);
      StressResult result = run.run();
      if (line != null) {
        line.end();
      }
      Report.print(result, out);
      return result.exitCode();
    } catch (NotDirectException e) {
      err.println("aio-stress: " + e.getMessage());
      return StressResult.USAGE;
    } finally {
      over.countDown();
    }
  }

  /** Stops the run on a signal, and waits for the summary. */
  private static void stopOnSignal(StressRun run, CountDownLatch over) {
    Thread hook =
        new Thread(
            () -> {
              run.stop();
              try {
                boolean summed = over.await(SUMMARY_SECONDS, TimeUnit.SECONDS);
                if (!summed) {
                  System.err.println("aio-stress: a request does not end; no summary");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "aio-stress-signal");
    Runtime.getRuntime().addShutdownHook(hook);
  }
}
