package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.write.WriteRequest;
import java.io.IOException;

/**
 * A write whose caller has returned: made by a thread that may get stuck in it. Its end is reported
 * to its pipeline once: by that thread, by the watchdog that reaped its last I/O, or by the thread
 * that found it overdue.
 */
final class BackgroundWrite extends WriteRequest {
  private final Draining draining;
  private final Chunks chunks;
  private final Object token;

  private BackgroundWrite(
      Draining draining,
      Chunks chunks,
      FileContext file,
      Lane lane,
      RequestInfo request,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition,
      Origin origin) {
    super(file, lane, request, buffers, parts, claim, appendPosition, origin);
    this.draining = draining;
    this.chunks = chunks;
    token = file.runtime().events().beginWrite();
  }

  /**
   * A write of chunks, to be {@link #run}.
   *
   * @throws IOException if it could not be started; the chunks' memory is given back
   */
  static BackgroundWrite of(Draining draining, Chunks chunks) throws IOException {
    return chunks.begin(
        (file, lane, request, buffers, parts, claim, appendPosition, origin) ->
            new BackgroundWrite(
                draining,
                chunks,
                file,
                lane,
                request,
                buffers,
                parts,
                claim,
                appendPosition,
                origin));
  }

  /** Writes it. May get stuck, also after it was found overdue. */
  void run() {
    runToTheEnd();
  }

  @Override
  protected void endedInTime() {
    runtime()
        .wrote(
            token,
            request(),
            result(),
            parts().directBytes(),
            parts().bufferedBytes(),
            direct().ios());
    draining.ended(chunks, failureOrPrepared());
  }

  private IOException failureOrPrepared() {
    try {
      return failure();
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  /** By any other thread, once it is overdue: reports it, and gives it up if the policy says so. */
  void overdue() {
    if (file().policy().onLost() != OnLost.FAIL) {
      reportLost(true);
      return;
    }
    IOException lost = release(true);
    if (lost != null) {
      runtime().wrote(token, request(), -Errno.ETIMEDOUT, 0, 0, 0);
      draining.gaveUp(chunks, lost);
    }
  }
}
