package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.write.BlockingWrite;
import java.io.IOException;

/**
 * A write whose caller has returned: made by a thread that may get stuck in it. Its end is reported
 * to its pipeline once: by that thread, by the watchdog that reaped its last I/O, or by the thread
 * that found it overdue.
 */
final class BackgroundWrite extends BlockingWrite {
  private final Draining draining;
  private final Chunks chunks;

  private BackgroundWrite(
      Draining draining,
      Chunks chunks,
      Request request,
      Lane lane,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition) {
    super(request, lane, buffers, parts, claim, appendPosition);
    this.draining = draining;
    this.chunks = chunks;
    begins(runtime().events().beginWrite());
  }

  /**
   * A write of chunks, to be {@link #runToTheEnd run}.
   *
   * @throws IOException if it could not be started; the chunks' memory is given back
   */
  static BackgroundWrite of(Draining draining, Chunks chunks) throws IOException {
    return chunks.begin(
        (request, lane, buffers, parts, claim, appendPosition) ->
            new BackgroundWrite(
                draining, chunks, request, lane, buffers, parts, claim, appendPosition));
  }

  @Override
  protected void completed() {
    account();
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
    if (releaseByPolicy(false)) {
      accountLost(0);
      draining.gaveUp(chunks, lost());
    }
  }
}
