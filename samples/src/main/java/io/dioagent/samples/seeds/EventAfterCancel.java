package io.dioagent.samples.seeds;

import io.dioagent.runtime.dio.BrokenPolicies;
import io.dioagent.runtime.dio.CompletionPolicy;
import io.dioagent.runtime.engine.KernelAio;
import java.nio.file.Path;
import java.util.List;

/**
 * A write is cancelled while the device processes it, and the canceller gets the result. Broken:
 * the device's completion inserts an event as well.
 */
final class EventAfterCancel implements Sample {
  private static final int BYTES = 64 << 10;

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "the canceller gets ECANCELED, and then an event comes",
        "the canceller gets ECANCELED, and no event comes");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path file = stage.written("cancelled", BYTES, (byte) 'o');
    CompletionPolicy.Maker maker =
        variant.broken() ? BrokenPolicies.PublishesCancelled::new : RequestPath.RIGHT;
    try (RequestPath path = new RequestPath(stage, file, new KernelAio(), (byte) 'n', BYTES)) {
      Request request = path.newRequest(0, BYTES, maker);
      request.queue(0, BYTES);
      request.submitted(BYTES);
      stage.happened("io_cancel says " + Bytes.describe(path.cancelLast()));
      boolean cancelled = request.cancel();
      RequestPath.Reaped reaped = path.reap(1).get(0);
      stage.happened("the device says " + Bytes.describe(reaped.result()));
      reaped.hand();
      request.answers().forEach(answer -> stage.happened("" + answer));
      stage.fact("cancelled", cancelled ? 1 : 0);
      stage.fact("device result", reaped.result());
      stage.fact("answers", request.answers().size());
    }
  }

  @Override
  public Verdict judge(Outcome outcome) {
    boolean cancelled = outcome.fact("cancelled") == 1 && outcome.fact("device result") == BYTES;
    long answers = outcome.fact("answers");
    int duplicates = outcome.count("DuplicateCompletion");
    return Verdict.of(
        cancelled && answers == 2 && duplicates == 1,
        cancelled && answers == 1 && duplicates == 0,
        (cancelled ? "cancelled in flight, answered " : "not cancelled in flight, answered ")
            + answers
            + " times, "
            + duplicates
            + " DuplicateCompletion");
  }
}
