package io.dioagent.runtime;

import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One write whose caller waits for it: from its plan to its one ending.
 *
 * <pre>
 * caller              copy into buffers; where the engine cannot get stuck with RWF_NOWAIT, and all
 *   |                 is aligned, submit with that and reap
 *   | all done: finish
 *   | not all done
 *   v
 * submitter thread    what is left, waiting wherever the kernel makes it wait; finish
 *
 * watchdog            what a caller left in flight when the deadline passed; drained
 * </pre>
 *
 * <p>Owned by one thread at a time, in that order; each hand-over is by a structure that publishes
 * safely. A caller whose write a submitter thread has meets it in {@link Dio} (deadline against
 * ending) and in {@link #ended}.
 */
final class SyncWrite implements Dio.Ending, Watchdog.Ward {
  private final DirectFile file;
  private final DirectRuntime runtime;
  private final Lane lane;
  private final RequestInfo request;
  private final NativeBuffer[] buffers;
  private final Parts parts;
  private final DirectTransfer direct;
  private final WaitingTransfer waiting;
  private final Dio dio = new Dio(new ReentrantLock(), this);
  private final Origin origin;
  private final long untilNanoTime;

  private final LostMark lostMark = new LostMark();

  /** Parts whose bytes are in place. */
  private int copied;

  /** No submitter thread ever took it, so it cannot end late. */
  private boolean neverStarted;

  private volatile Thread waiter;
  private long result;

  /** Written last: whoever sees it sees the result. */
  private volatile boolean ended;

  private SyncWrite(
      DirectFile file,
      Lane lane,
      RequestInfo request,
      NativeBuffer[] buffers,
      List<WritePlan.Part> plan,
      long appendPosition,
      Origin origin) {
    this.file = file;
    runtime = file.runtime();
    this.lane = lane;
    this.request = request;
    this.buffers = buffers;
    this.origin = origin;
    untilNanoTime = origin.startNanoTime() + file.policy().deadline().toNanos();
    parts = new Parts(plan, buffers);
    direct = new DirectTransfer(file, lane, dio, request, origin);
    waiting = new WaitingTransfer(file, lane, dio, request, parts, direct, appendPosition);
  }

  /**
   * Writes a segment, and waits until that has ended or its deadline has passed.
   *
   * @param sourceOffset first byte of the segment in the source
   * @param appendPosition where the descriptor appends, as pwritev2(2) takes it; unused unless the
   *     file is open for appending
   * @return bytes written, or a negative errno
   * @throws IOException if the deadline passed, or nothing could be started
   * @throws InternalError if the source could not be read, and nothing was written
   */
  static long write(
      DirectFile file,
      WriteSource source,
      long sourceOffset,
      long lengthBytes,
      long position,
      long appendPosition,
      long startNanoTime)
      throws IOException {
    Origin origin = Origin.here(startNanoTime);
    Lane lane =
        file.waitFor(
            position, lengthBytes, origin, file.device()::borrowLane, () -> "no lane was free");
    NativeBuffer[] buffers = null;
    SyncWrite write = null;
    try {
      DirectRuntime runtime = file.runtime();
      int align = file.alignBytes();
      int piece = Math.max(runtime.pieceBytes(), align);
      List<WritePlan.Part> plan =
          WritePlan.cut(position, lengthBytes, align, piece, file.whyBuffered(lane));
      file.refuseIfForbidden(plan);
      int count = WritePlan.buffers(position, lengthBytes, align, piece);
      int used = (int) Math.min(piece, (position & (align - 1)) + lengthBytes);
      buffers =
          file.waitFor(
              position,
              lengthBytes,
              origin,
              until -> file.device().acquireMemory(count, used, until),
              () -> "no buffer memory was free; " + runtime.buffers().describe());
      if (!file.descriptors().enter()) {
        throw new IOException("the file is closed: " + file.path());
      }
      RequestInfo request =
          new RequestInfo(
              lane.nextRequestId(), file.path(), file.toldOffset(position), lengthBytes);
      write = new SyncWrite(file, lane, request, buffers, plan, appendPosition, origin);
    } finally {
      if (write == null) {
        if (buffers != null) {
          file.device().release(buffers);
        }
        file.device().giveBack(lane);
      }
    }
    return write.run(source, position - sourceOffset);
  }

  /** By the caller. The source's first byte belongs at file offset sourceStart. */
  private long run(WriteSource source, long sourceStart) throws IOException {
    Object token = runtime.events().beginWrite();
    try {
      runByCaller(source, sourceStart);
      if (result < 0 && direct.whyForbidden() != null) {
        throw direct.whyForbidden();
      }
      return result;
    } finally {
      long outcome = ended ? result : -Errno.ETIMEDOUT;
      long directBytes = ended ? parts.directBytes() : 0;
      long bufferedBytes = ended ? parts.bufferedBytes() : 0;
      runtime.wrote(token, request, outcome, directBytes, bufferedBytes, direct.ios());
    }
  }

  private void runByCaller(WriteSource source, long sourceStart) throws IOException {
    boolean inTime;
    try {
      copyAndSubmit(source, sourceStart);
      inTime = reapAll();
    } catch (InternalError e) {
      // The source was a mapping whose file shrank: no byte from there on is written.
      inTime = reapAll();
      parts.failFrom(copied, Errno.EFAULT);
      if (copied == 0) {
        finish();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      // A defect, or the source's: the caller gets an error; what is in flight stays quarantined.
      runtime.defect("write of " + request, e);
      inTime = direct.inFlight() == 0;
      parts.failFrom(0, Errno.EIO);
      dio.pending(Errno.EIO);
    }
    if (!inTime) {
      throw leaveInFlight();
    }
    if (parts.firstOpen() >= 0 || waiting.suspectCollision()) {
      waitForSubmitterThread();
    } else {
      finish();
    }
  }

  /** Piece by piece, so that the device works while the next one is copied. */
  private void copyAndSubmit(WriteSource source, long sourceStart) {
    boolean tryNow = lane.honoursNowait() && parts.allDirect() && file.mayTryNowait();
    for (int i = 0; i < parts.count(); i++) {
      Part part = parts.get(i);
      part.copyFrom(source, sourceStart);
      copied = i + 1;
      if (tryNow && direct.queue(part, Linux.RWF_NOWAIT)) {
        direct.submit();
      }
    }
  }

  /** False if the deadline passed and the caller is to be released. */
  private boolean reapAll() {
    long until = untilNanoTime;
    while (direct.inFlight() > 0) {
      long left = until - System.nanoTime();
      if (left > 0) {
        direct.reap(left);
      } else if (file.policy().onLost() == OnLost.FAIL) {
        return false;
      } else {
        tellLost();
        until = Waits.forever();
      }
    }
    return true;
  }

  /** The deadline passed with I/Os in flight: the watchdog takes over. */
  private IOException leaveInFlight() {
    IOException lost = release();
    direct.orphan();
    dio.submitted(parts.handledBytes());
    runtime.watchdog().add(this);
    return lost;
  }

  private void waitForSubmitterThread() throws IOException {
    direct.waitFor("a submitter thread");
    waiter = Thread.currentThread();
    if (!startSubmitterThread()) {
      IOException lost = release();
      neverStarted = true;
      dio.submitted(parts.handledBytes());
      throw lost;
    }
    long until = untilNanoTime;
    boolean interrupted = false;
    try {
      while (!ended) {
        long left = until - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(this, left);
          interrupted |= Thread.interrupted();
        } else if (file.policy().onLost() == OnLost.FAIL) {
          IOException lost = release();
          if (lost != null) {
            throw lost;
          }
          until = Waits.forever();
        } else {
          tellLost();
          until = Waits.forever();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Hands over to a submitter thread. Where the process can have no more descriptors or threads the
   * caller goes on itself, and waits as long as the kernel makes it wait: as without us.
   *
   * @return false if none was free before the deadline
   */
  private boolean startSubmitterThread() {
    try {
      if (file.descriptors().anchor()) {
        boolean started = file.device().execute(this::runBySubmitterThread, untilNanoTime);
        if (started || file.policy().onLost() == OnLost.FAIL) {
          return started;
        }
        tellLost();
        return file.device().execute(this::runBySubmitterThread, Waits.forever());
      }
    } catch (OutOfMemoryError e) {
      runtime.defect("start of a submitter thread", e);
    }
    runBySubmitterThread();
    return true;
  }

  /** The caller goes. Null if the write has just ended after all. */
  private IOException release() {
    runtime.buffers().quarantine(buffers);
    if (!dio.expire()) {
      runtime.buffers().endQuarantine(buffers);
      return null;
    }
    tellLost();
    return file.lost(request, origin, direct.waitingFor());
  }

  private void runBySubmitterThread() {
    waiting.run();
    if (direct.inFlight() > 0) {
      // Its caller is gone, or a defect was on the way: it ends with its last I/O.
      direct.orphan();
      dio.submitted(parts.handledBytes());
      runtime.watchdog().add(this);
    } else {
      finish();
    }
  }

  /** By the watchdog: reaps what the caller left behind. */
  @Override
  public boolean check() {
    direct.reap(0);
    if (ended) {
      // Not before: what comes behind the last completion in the batch is read there, too.
      file.device().giveBack(lane);
    }
    return ended;
  }

  /** By the owner, with nothing in flight: drops the submitter's count, which ends it. */
  private void finish() {
    if (!dio.submitted(parts.handledBytes())) {
      published(dio.result());
    }
  }

  @Override
  public void published(long dioResult) {
    result = parts.outcome(dioResult);
    tellParts(dioResult);
    if (lostMark.end()) {
      runtime.late(request, origin, result, true);
    }
    giveAllBack();
    ended = true;
    LockSupport.unpark(waiter);
  }

  @Override
  public void drained(long dioResult) {
    if (!neverStarted) {
      tellParts(dioResult);
      runtime.late(request, origin, dioResult, false);
    }
    runtime.buffers().endQuarantine(buffers);
    giveAllBack();
    ended = true;
  }

  private void giveAllBack() {
    file.node().changed();
    file.device().release(buffers);
    if (!direct.isOrphaned()) {
      file.device().giveBack(lane);
    }
    file.descriptors().leave();
  }

  private void tellParts(long dioResult) {
    long error = dioResult < 0 ? dioResult : parts.firstError();
    if (error < 0) {
      runtime.failed(
          request,
          origin,
          error,
          dio.transferredBytes() + " of " + request.lengthBytes() + " written");
    }
    parts.tellFallback(file, request.requestId(), origin);
  }

  private void tellLost() {
    if (lostMark.set()) {
      runtime.lost(
          request,
          origin,
          file.policy().deadline().toNanos(),
          "waiting for " + direct.waitingFor());
    }
  }
}
