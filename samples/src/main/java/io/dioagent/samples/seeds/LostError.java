package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.KernelAio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A writer on the runtime's API meets a bad block. Broken: the device's error is lost, as in {@link
 * LostErrors}, and the writer, which waits without a time-out, hangs.
 */
final class LostError implements Sample {
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 8;
  private static final long BAD_OFFSET = 3L * BLOCK_BYTES;

  /**
   * Limits a write; past it, the write counts as lost. Above 1 s, so that a slow write on a busy
   * machine does not count.
   */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Limits the wait for the end of the writer or a loss; past it, the sample ends anyway. */
  private static final Duration GUARD = Duration.ofSeconds(90);

  private static final long LOOK_MILLIS = 20;

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "the error of the bad block never arrives: the writer hangs, and a LostCompletion is recorded",
        "the error of the bad block arrives as EIO, once, and the writer goes on");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path path = stage.written("lost-error", BLOCKS * BLOCK_BYTES, (byte) 0);
    BadBlock device = new BadBlock(new KernelAio(), BAD_OFFSET);
    AioEngine engine = variant.broken() ? new LostErrors(device) : device;
    DirectRuntime runtime = stage.runtime(engine);
    FilePolicy policy =
        FilePolicy.DEFAULT
            .withDeadline(DEADLINE)
            .withOnLost(OnLost.REPORT)
            .withFallbackAllowed(false);
    DirectFile file = runtime.open(path, policy, StandardOpenOption.WRITE);
    Thread writer = new Thread(() -> writeAll(file, stage), "writer");
    writer.setDaemon(true);
    writer.start();
    awaitEndOrLoss(writer, runtime);
    boolean hung = writer.isAlive();
    if (hung) {
      // The runtime cannot be closed while a writer waits in it; both end with the process.
      stage.happened(
          "hung: the writer still waits, and its deadline of "
              + DEADLINE.toMillis()
              + " ms has passed");
    } else {
      file.close();
      runtime.close();
    }
    stage.fact("hung", hung ? 1 : 0);
    stage.fact("device errors", device.errors());
  }

  /** Waits until the writer has ended, or one of its writes counts as lost. */
  private static void awaitEndOrLoss(Thread writer, DirectRuntime runtime)
      throws InterruptedException {
    long until = System.nanoTime() + GUARD.toNanos();
    while (writer.isAlive() && runtime.statistics().lost() == 0 && System.nanoTime() - until < 0) {
      writer.join(LOOK_MILLIS);
    }
  }

  private static void writeAll(DirectFile file, Stage stage) {
    int failed = 0;
    for (int i = 0; i < BLOCKS; i++) {
      long position = (long) i * BLOCK_BYTES;
      String what = "write " + i + " at " + position + ": ";
      try {
        int written = file.write(ByteBuffer.allocate(BLOCK_BYTES), position);
        stage.happened(what + written + " bytes");
      } catch (IOException e) {
        failed++;
        stage.happened(what + e);
      }
    }
    stage.happened("done: " + BLOCKS + " writes, " + failed + " failed");
    stage.fact("failed writes", failed);
  }

  @Override
  public Verdict judge(Outcome outcome) {
    boolean hung = outcome.fact("hung") == 1;
    boolean deviceFailed = outcome.fact("device errors") == 1;
    int lost = outcome.count("LostCompletion");
    int lostHere =
        outcome.events("LostCompletion", event -> event.getLong("offset") == BAD_OFFSET).size();
    int errors = outcome.count("CompletionError");
    int errorsHere =
        outcome
            .events(
                "CompletionError",
                event ->
                    event.getLong("offset") == BAD_OFFSET && event.getInt("errno") == Errno.EIO)
            .size();
    return Verdict.of(
        hung && deviceFailed && lost == 1 && lostHere == 1 && errors == 0,
        !hung
            && deviceFailed
            && lost == 0
            && errors == 1
            && errorsHere == 1
            && outcome.fact("failed writes") == 1,
        hung
            ? "the writer hangs, " + lost + " LostCompletion"
            : "the writer goes on, " + errors + " CompletionError, " + lost + " LostCompletion");
  }
}
