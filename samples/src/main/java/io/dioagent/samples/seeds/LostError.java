package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.Errno;
import io.dioagent.runtime.FilePolicy;
import io.dioagent.runtime.OnLost;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.KernelAio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A writer on the runtime's own API meets a bad block. Broken, the device's error is lost on its
 * way, as in {@link LostErrors}, and the writer, which waits without a time-out, does so for ever.
 */
final class LostError implements Sample {
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 8;
  private static final long BAD_OFFSET = 3L * BLOCK_BYTES;
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /**
   * After which a writer that still waits counts as hung: in the broken variant it is waited out.
   */
  private static final Duration PATIENCE_BROKEN = Duration.ofSeconds(3);

  private static final Duration PATIENCE_FIXED = Duration.ofSeconds(30);

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "the error of the bad block never arrives: the writer hangs, and a LostCompletion tells",
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
    Duration patience = variant.broken() ? PATIENCE_BROKEN : PATIENCE_FIXED;
    writer.join(patience.toMillis());
    boolean hung = writer.isAlive();
    if (hung) {
      // Its runtime cannot be closed under it: the end of the process is the end of both.
      stage.happened("hung: the writer still waits after " + patience.toMillis() + " ms");
    } else {
      file.close();
      runtime.close();
    }
    stage.fact("hung", hung ? 1 : 0);
    stage.fact("device errors", device.errors());
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
