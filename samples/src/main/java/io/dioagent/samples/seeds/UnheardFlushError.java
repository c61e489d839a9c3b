package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.dio.CompletionPolicy;
import io.dioagent.runtime.dio.CopiedPolicy;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.runtime.linux.Linux;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.Lock;

/**
 * An O_SYNC write whose flush fails after the write was queued. The error is real: the kernel
 * returns EIO for a page that it could not drop, because of a {@link MappedWriter}. Broken: the
 * submitter cannot report the error any more, and the completion says success.
 */
final class UnheardFlushError implements Sample {
  private static final int WRITE_BYTES = StalePage.WRITE_BYTES;
  private static final byte NEW = 'n';

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "the flush says EIO, and the writer gets success",
        "the flush says EIO, and so does the completion");
  }

  /** Ignores errors found after submission. */
  private static final class IgnoresPending extends CopiedPolicy {
    IgnoresPending(Lock lock, Dio.Ending ending, Runnable touch) {
      super(lock, ending, touch);
    }

    @Override
    public void pending(int errno) {}
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path file = stage.hole("synchronous", (long) StalePage.MOST_TRIES * WRITE_BYTES);
    MappedWriter mapped = new MappedWriter(new KernelAio(), file);
    if (variant.broken()) {
      broken(stage, file, mapped, IgnoresPending::new);
    } else {
      fixed(stage, file, mapped);
    }
  }

  private static void broken(
      Stage stage, Path file, MappedWriter mapped, CompletionPolicy.Maker maker) throws Exception {
    try (RequestPath path = new RequestPath(stage, file, mapped, NEW, WRITE_BYTES)) {
      int tries = 0;
      long flushed = 0;
      Request request = null;
      while (flushed == 0 && tries < StalePage.MOST_TRIES) {
        mapped.arm();
        request = path.newRequest((long) tries++ * WRITE_BYTES, WRITE_BYTES, maker);
        request.queue(0, WRITE_BYTES);
        path.reap(1).get(0).hand();
        // Flushes as the kernel did for O_SYNC: in the submitter, which still holds its count.
        Object token = stage.events().beginForce();
        flushed = Linux.fdatasync(path.fd());
        stage.events().endForce(token, file.toString(), false, flushed);
        if (flushed < 0) {
          request.pending((int) -flushed);
        }
        request.submitted(WRITE_BYTES);
      }
      report(stage, tries, request.answers().get(0).result());
    }
  }

  private static void fixed(Stage stage, Path path, MappedWriter mapped) throws Exception {
    try (DirectRuntime runtime = stage.runtime(mapped);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.SYNC)) {
      int tries = 0;
      long result = 0;
      while (result >= 0 && tries < StalePage.MOST_TRIES) {
        mapped.arm();
        result = Bytes.write(file, NEW, WRITE_BYTES, (long) tries++ * WRITE_BYTES);
      }
      report(stage, tries, result);
    }
  }

  private static void report(Stage stage, int tries, long result) {
    stage.happened("write " + tries + " says " + Bytes.describe(result));
    stage.fact("result", result);
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long result = outcome.fact("result");
    int flushErrors = outcome.events("Force", event -> event.getInt("errno") == Errno.EIO).size();
    int errors =
        outcome.events("CompletionError", event -> event.getInt("errno") == Errno.EIO).size();
    return Verdict.of(
        result == WRITE_BYTES && flushErrors == 1 && errors == 0,
        result == -Errno.EIO && errors == 1,
        flushErrors
            + " flush of the submitter failed, the writer gets "
            + Bytes.describe(result)
            + ", "
            + errors
            + " CompletionError");
  }
}
