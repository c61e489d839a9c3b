package io.dioagent.samples.seeds;

import io.dioagent.runtime.AlignedBuffer;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteQueue;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.dio.BrokenPolicies;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.runtime.linux.Linux;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Direct writes while buffered and mapped readers read the same range. The step after the write
 * drops the range from the page cache; every second time it fails. Broken: submission then
 * completes the request, and so does the device.
 */
final class DoubleCompletion implements Sample {
  private static final int WRITES = 64;
  private static final int WRITE_BYTES = StalePage.WRITE_BYTES;
  private static final byte NEW = 'n';

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "each of the " + WRITES / 2 + " writes whose second step fails is answered twice",
        "each of the "
            + WRITES
            + " writes is answered once, and those whose second step fails with EIO");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path file = stage.hole("read-meanwhile", (long) WRITES * WRITE_BYTES);
    Tally tally = new Tally();
    long reads;
    try (Readers readers = new Readers(file)) {
      if (variant.broken()) {
        broken(stage, file, readers, tally);
      } else {
        fixed(stage, file, readers, tally);
      }
      reads = readers.reads();
    }
    stage.happened("the buffered and the mapped reader read " + reads + " times or more meanwhile");
    stage.happened(
        WRITES
            + " writes: "
            + tally.once
            + " answered once, "
            + tally.more
            + " more often; "
            + tally.errors
            + " with EIO");
    stage.fact("reads", reads);
    stage.fact("answered once", tally.once);
    stage.fact("answered more often", tally.more);
    stage.fact("EIO", tally.errors);
  }

  /** Injects the failure at the step after the write, as the test of the patch did. */
  private static void broken(Stage stage, Path file, Readers readers, Tally tally)
      throws Exception {
    try (RequestPath path = new RequestPath(stage, file, new KernelAio(), NEW, WRITE_BYTES)) {
      for (int i = 0; i < WRITES; i++) {
        awaitRead(readers, i);
        long offset = (long) i * WRITE_BYTES;
        Request request =
            path.newRequest(offset, WRITE_BYTES, BrokenPolicies.PublishesPendingError::new);
        request.queue(0, WRITE_BYTES);
        Linux.dropPages(path.fd(), offset, WRITE_BYTES);
        if (isToFail(i)) {
          request.pending(Errno.EIO);
        }
        request.submitted(WRITE_BYTES);
        path.reap(1).get(0).hand();
        tally.add(request.answers().size(), request.answers().get(0).result());
      }
    }
  }

  /** Fails by a page that the kernel cannot drop, with the runtime set to fail on collisions. */
  private static void fixed(Stage stage, Path path, Readers readers, Tally tally) throws Exception {
    MappedWriter mapped = new MappedWriter(new KernelAio(), path);
    int[] answers = new int[WRITES];
    long[] firstResults = new long[WRITES];
    WriteHandler handler =
        (write, result, requestId) -> {
          if (answers[(int) write]++ == 0) {
            firstResults[(int) write] = result;
          }
        };
    FilePolicy policy = FilePolicy.DEFAULT.withOnCollision(OnCollision.FAIL);
    try (DirectRuntime runtime = stage.runtime(mapped);
        DirectFile file = runtime.open(path, policy);
        AlignedBuffer buffer = runtime.allocate(WRITE_BYTES);
        WriteQueue queue = runtime.newQueue(1)) {
      buffer.byteBuffer().put(Bytes.of(NEW, WRITE_BYTES));
      for (int i = 0; i < WRITES; i++) {
        awaitRead(readers, i);
        if (isToFail(i)) {
          mapped.arm();
        }
        queue.submit(file, buffer, WRITE_BYTES, (long) i * WRITE_BYTES, i);
        queue.await(1, policy.deadline(), handler);
      }
      // Wait for duplicate completions.
      queue.await(1, Duration.ofMillis(100), handler);
    }
    for (int i = 0; i < WRITES; i++) {
      tally.add(answers[i], firstResults[i]);
    }
  }

  private static boolean isToFail(int write) {
    return write % 2 == 1;
  }

  /** Waits for a read, so that reads overlap all writes also on a busy machine. */
  private static void awaitRead(Readers readers, int write) {
    while (readers.reads() < write) {
      Thread.onSpinWait();
    }
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long once = outcome.fact("answered once");
    long more = outcome.fact("answered more often");
    long errors = outcome.fact("EIO");
    int duplicates = outcome.count("DuplicateCompletion");
    int errorEvents =
        outcome.events("CompletionError", event -> event.getInt("errno") == Errno.EIO).size();
    boolean happened = outcome.fact("reads") > 0 && errors > 0 && errorEvents == errors;
    return Verdict.of(
        happened && more == errors && once + more == WRITES && duplicates == more,
        happened && once == WRITES && more == 0 && duplicates == 0,
        errors
            + " of "
            + WRITES
            + " writes failed after queueing, "
            + more
            + " answered twice, "
            + duplicates
            + " DuplicateCompletion");
  }

  /** The writer's results. */
  private static final class Tally {
    private int once;
    private int more;
    private int errors;

    void add(int answers, long firstResult) {
      once += answers == 1 ? 1 : 0;
      more += answers > 1 ? 1 : 0;
      errors += firstResult == -Errno.EIO ? 1 : 0;
    }
  }
}
