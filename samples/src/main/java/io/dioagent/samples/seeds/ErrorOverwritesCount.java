package io.dioagent.samples.seeds;

import io.dioagent.runtime.AlignedBuffer;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteQueue;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.dio.BrokenPolicies;
import io.dioagent.runtime.engine.KernelAio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A write has two direct I/Os and a rest that has to be buffered; the second I/O meets a bad block.
 * Broken, as dio->result was: one field holds both the bytes so far and the error, and the fallback
 * begins at its value.
 *
 * <p>Runs both orders. If the error comes before the submitter takes the count, the count is the
 * start of the submitter's fallback. If it comes after, the completion has the count, and the
 * writer falls back for the bytes reported missing.
 */
final class ErrorOverwritesCount implements Sample {
  private static final int IO_BYTES = 256 << 10;
  private static final int DIRECT_BYTES = 2 * IO_BYTES;
  private static final int REST_BYTES = 512;
  private static final int WRITE_BYTES = DIRECT_BYTES + REST_BYTES;
  private static final byte OLD = 'o';
  private static final byte NEW = 'n';

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "in both orders the fallback begins five bytes (EIO is 5) before the end of the first I/O,"
            + " goes over the bad block, and the writer gets no error",
        "in both orders the writer gets EIO, and nothing is written behind the error");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path before = stage.written("error-before", DIRECT_BYTES, OLD);
    Path after = stage.written("error-after", DIRECT_BYTES, OLD);
    if (variant.broken()) {
      report(stage, "before", brokenBefore(stage, before));
      report(stage, "after", brokenAfter(stage, after));
    } else {
      report(stage, "before", fixedBefore(stage, before));
      report(stage, "after", fixedAfter(stage, after));
    }
  }

  /** The result of one order. */
  private record Ended(int deviceErrors, long result) {}

  private static void report(Stage stage, String order, Ended result) {
    stage.happened(
        "error "
            + order
            + " the submitter takes the count: the device answered EIO "
            + result.deviceErrors
            + " time, the writer gets "
            + Bytes.describe(result.result));
    stage.fact(order + ": device errors", result.deviceErrors);
    stage.fact(order + ": result", result.result);
  }

  private static Ended brokenBefore(Stage stage, Path file) throws Exception {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (RequestPath path = new RequestPath(stage, file, device, NEW, WRITE_BYTES)) {
      Request request = path.newRequest(0, WRITE_BYTES, BrokenPolicies.ErrorOverwritesCount::new);
      request.queue(0, IO_BYTES);
      request.queue(IO_BYTES, IO_BYTES);
      errorFirst(path.reap(2));
      request.fallBack(request.transferredBytes());
      request.submitted(WRITE_BYTES);
      return new Ended(device.errors(), request.answers().get(0).result());
    }
  }

  private static Ended brokenAfter(Stage stage, Path file) throws Exception {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (RequestPath path = new RequestPath(stage, file, device, NEW, WRITE_BYTES)) {
      Request request = path.newRequest(0, DIRECT_BYTES, BrokenPolicies.ErrorOverwritesCount::new);
      request.queue(0, IO_BYTES);
      request.queue(IO_BYTES, IO_BYTES);
      request.submitted(DIRECT_BYTES);
      errorFirst(path.reap(2));
      long result = request.answers().get(0).result();
      if (result < 0) {
        return new Ended(device.errors(), result);
      }
      // Looks like a short write: the caller of write(2) continues after it.
      Request rest = path.newRequest(result, (int) (WRITE_BYTES - result), RequestPath.RIGHT);
      rest.fallBack(0);
      rest.submitted(WRITE_BYTES - result);
      return new Ended(device.errors(), result + rest.answers().get(0).result());
    }
  }

  private static void errorFirst(List<RequestPath.Reaped> reaped) {
    reaped.stream().filter(one -> one.result() < 0).forEach(RequestPath.Reaped::hand);
    reaped.stream().filter(one -> one.result() >= 0).forEach(RequestPath.Reaped::hand);
  }

  /** The runtime's writing thread holds its count until all is written: the error comes before. */
  private static Ended fixedBefore(Stage stage, Path path) throws IOException {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (DirectRuntime runtime = stage.runtime(device);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT)) {
      long result = Bytes.write(file, NEW, WRITE_BYTES, 0);
      return new Ended(device.errors(), result);
    }
  }

  /** A queue drops its count as soon as all is submitted: the error comes after. */
  private static Ended fixedAfter(Stage stage, Path path) throws IOException {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    AtomicLong ended = new AtomicLong();
    try (DirectRuntime runtime = stage.runtime(device);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT);
        AlignedBuffer buffer = runtime.allocate(DIRECT_BYTES);
        WriteQueue queue = runtime.newQueue(1)) {
      queue.submit(file, buffer, DIRECT_BYTES, 0, 0);
      queue.flush();
      queue.await(1, FilePolicy.DEFAULT.deadline(), (data, result, id) -> ended.set(result));
    }
    return new Ended(device.errors(), ended.get());
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long before = outcome.fact("before: result");
    long after = outcome.fact("after: result");
    boolean deviceFailed =
        outcome.fact("before: device errors") == 1 && outcome.fact("after: device errors") == 1;
    int fallbacks = outcome.count("BufferedFallback");
    int wrongFallbacks =
        outcome
            .events("BufferedFallback", event -> event.getLong("offset") == IO_BYTES - Errno.EIO)
            .size();
    int errors =
        outcome.events("CompletionError", event -> event.getInt("errno") == Errno.EIO).size();
    return Verdict.of(
        deviceFailed && before >= 0 && after >= 0 && wrongFallbacks == 2 && errors == 0,
        deviceFailed
            && before == -Errno.EIO
            && after == -Errno.EIO
            && fallbacks == 0
            && errors == 2,
        "error before and after the count is taken: the writer gets "
            + Bytes.describe(before)
            + " and "
            + Bytes.describe(after)
            + ", "
            + wrongFallbacks
            + " fallbacks from a wrong offset");
  }
}
