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
 * Of a write's two direct I/Os the second meets a bad block, and behind them is a rest that has to
 * go buffered. Broken, as dio->result was, one field is both the bytes so far and the error, and
 * the fallback begins where it says.
 *
 * <p>Both orders: the error comes before the submitter takes the count, which then says where its
 * fallback begins; or after, when the count is the completion's, and the writer falls back for what
 * it is told to be missing.
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
            + " goes over the bad block, and the writer is told of no error",
        "in both orders the writer is told EIO, and nothing is written behind the error");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path before = stage.written("error-before", DIRECT_BYTES, OLD);
    Path after = stage.written("error-after", DIRECT_BYTES, OLD);
    if (variant.broken()) {
      tell(stage, "before", brokenBefore(stage, before));
      tell(stage, "after", brokenAfter(stage, after));
    } else {
      tell(stage, "before", fixedBefore(stage, before));
      tell(stage, "after", fixedAfter(stage, after));
    }
  }

  /** What came of one order. */
  private record Told(int deviceErrors, long result) {}

  private static void tell(Stage stage, String order, Told told) {
    stage.happened(
        "error "
            + order
            + " the submitter takes the count: the device answered EIO "
            + told.deviceErrors
            + " time, the writer is told "
            + Bytes.describe(told.result));
    stage.fact(order + ": device errors", told.deviceErrors);
    stage.fact(order + ": told", told.result);
  }

  private static Told brokenBefore(Stage stage, Path file) throws Exception {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (RequestPath path = new RequestPath(stage, file, device, NEW, WRITE_BYTES)) {
      Request request = path.newRequest(0, WRITE_BYTES, BrokenPolicies.ErrorOverwritesCount::new);
      request.queue(0, IO_BYTES);
      request.queue(IO_BYTES, IO_BYTES);
      errorFirst(path.reap(2));
      request.fallBack(request.transferredBytes());
      request.submitted(WRITE_BYTES);
      return new Told(device.errors(), request.answers().get(0).result());
    }
  }

  private static Told brokenAfter(Stage stage, Path file) throws Exception {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (RequestPath path = new RequestPath(stage, file, device, NEW, WRITE_BYTES)) {
      Request request = path.newRequest(0, DIRECT_BYTES, BrokenPolicies.ErrorOverwritesCount::new);
      request.queue(0, IO_BYTES);
      request.queue(IO_BYTES, IO_BYTES);
      request.submitted(DIRECT_BYTES);
      errorFirst(path.reap(2));
      long told = request.answers().get(0).result();
      if (told < 0) {
        return new Told(device.errors(), told);
      }
      // A short write, as it seems: who called write(2) goes on behind it.
      Request rest = path.newRequest(told, (int) (WRITE_BYTES - told), RequestPath.RIGHT);
      rest.fallBack(0);
      rest.submitted(WRITE_BYTES - told);
      return new Told(device.errors(), told + rest.answers().get(0).result());
    }
  }

  private static void errorFirst(List<RequestPath.Reaped> reaped) {
    reaped.stream().filter(one -> one.result() < 0).forEach(RequestPath.Reaped::hand);
    reaped.stream().filter(one -> one.result() >= 0).forEach(RequestPath.Reaped::hand);
  }

  /**
   * The writing thread of the runtime holds its count until all is written: the error is before.
   */
  private static Told fixedBefore(Stage stage, Path path) throws IOException {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    try (DirectRuntime runtime = stage.runtime(device);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT)) {
      long told = Bytes.write(file, NEW, WRITE_BYTES, 0);
      return new Told(device.errors(), told);
    }
  }

  /** A queue drops its count as soon as all is submitted: the error is after. */
  private static Told fixedAfter(Stage stage, Path path) throws IOException {
    BadBlock device = new BadBlock(new KernelAio(), IO_BYTES);
    AtomicLong told = new AtomicLong();
    try (DirectRuntime runtime = stage.runtime(device);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT);
        AlignedBuffer buffer = runtime.allocate(DIRECT_BYTES);
        WriteQueue queue = runtime.newQueue(1)) {
      queue.submit(file, buffer, DIRECT_BYTES, 0, 0);
      queue.flush();
      queue.await(1, FilePolicy.DEFAULT.deadline(), (data, result, id) -> told.set(result));
    }
    return new Told(device.errors(), told.get());
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long before = outcome.fact("before: told");
    long after = outcome.fact("after: told");
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
        "error before and after the count is taken: told "
            + Bytes.describe(before)
            + " and "
            + Bytes.describe(after)
            + ", "
            + wrongFallbacks
            + " fallbacks from a wrong offset");
  }
}
