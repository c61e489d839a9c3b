package io.dioagent.runtime.write;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One write whose caller waits for it: from its plan to its one ending.
 *
 * <pre>
 * caller              copy into buffers; if all is aligned, have it submitted, and reap: submit itself
 *   |                 where that cannot get stuck, or the caller waits for as long as it takes anyway;
 *   |                 otherwise have a submitter thread do so ({@link Submission})
 *   | all done: finish
 *   | not all done
 *   v
 * submitter thread    writes the rest, waiting wherever the kernel makes it wait; finish
 *
 * watchdog            drains the I/Os that a caller left in flight when the deadline passed
 * </pre>
 *
 * <p>Owned in that order. A caller meets a submitter thread that runs its write in the request's
 * state (deadline against ending) and in {@link #isEnded}; a thread that submits its I/Os, in the
 * submission's state.
 */
public final class SyncWrite extends BlockingWrite {
  /** Pause after a look at the deadline for which there was no memory. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final CallerSubmission io;

  private volatile Thread waiter;

  private SyncWrite(
      Request request,
      Lane lane,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition) {
    super(request, lane, buffers, parts, claim, appendPosition);
    io = new CallerSubmission(this);
  }

  /**
   * Makes a write of a segment, to be {@link #run}.
   *
   * @param appendPosition where the descriptor appends, as pwritev2(2) takes it; unused unless the
   *     file is open for appending
   * @param origin of the write that it is a segment of
   * @throws IOException if it cannot be made, or not before the deadline
   */
  static SyncWrite of(
      FileContext file, long position, long lengthBytes, long appendPosition, Origin origin)
      throws IOException {
    return begin(
        file,
        position,
        lengthBytes,
        origin,
        lane -> planned(file, lane, lengthBytes, position, appendPosition, origin));
  }

  private static SyncWrite planned(
      FileContext file,
      Lane lane,
      long lengthBytes,
      long position,
      long appendPosition,
      Origin origin)
      throws IOException {
    RuntimeContext runtime = file.runtime();
    int align = file.alignBytes();
    int piece = Math.max(runtime.pieceBytes(), align);
    List<WritePlan.Part> plan =
        WritePlan.cut(position, lengthBytes, align, piece, file.ability().whyBuffered(lane));
    file.failures().refuseIfForbidden(plan);
    int count = WritePlan.buffers(position, lengthBytes, align, piece);
    int used = (int) Math.min(piece, (position & (align - 1)) + lengthBytes);
    PageClaim claim = PageClaim.of(file, plan);
    NativeBuffer[] buffers =
        file.deadline()
            .waitFor(
                position,
                lengthBytes,
                origin,
                limit -> file.device().acquireMemory(count, used, limit),
                () -> "no buffer memory was free; " + runtime.buffers().describe());
    SyncWrite made = null;
    try {
      file.deadline().claim(claim, position, lengthBytes, origin);
      Request request = Request.on(lane, file, position, lengthBytes, origin);
      Parts parts = new Parts(plan, buffers);
      SyncWrite write = new SyncWrite(request, lane, buffers, parts, claim, appendPosition);
      write.enter();
      made = write;
      return made;
    } finally {
      if (made == null) {
        file.node().claims().release(claim);
        file.device().release(buffers);
      }
    }
  }

  /** Bytes that are in buffers already. */
  public interface InPlace {
    /**
     * Makes a request of them; if that fails, the buffers are given back.
     *
     * @throws IOException if it cannot be made
     */
    SyncWrite begin(RequestConstructor<SyncWrite> constructor) throws IOException;
  }

  /**
   * Writes bytes that are in buffers already, and waits until that has ended or its deadline has
   * passed. The buffers are given back in any case.
   *
   * @throws IOException if not all of it is in the file
   */
  public static void writeInPlace(InPlace bytes) throws IOException {
    SyncWrite write = bytes.begin(SyncWrite::new);
    write.io.allInPlace();
    long unused = write.run(null, 0);
    IOException failure = write.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Writes, and waits until that has ended or its deadline has passed.
   *
   * @param source null if all bytes are in place
   * @param sourceStart offset in the file of the source's first byte
   * @return bytes written, or a negative errno
   * @throws IOException if the deadline passed, or nothing could be started
   * @throws InternalError if the source could not be read, and nothing was written
   */
  long run(WriteSource source, long sourceStart) throws IOException {
    begins(runtime().events().beginWrite());
    try {
      boolean inTime;
      try {
        io.copyAndSubmit(source, sourceStart);
        inTime = io.reapAll();
      } catch (InternalError e) {
        // The source was a mapping whose file shrank: no byte from there on is written.
        inTime = io.reapWhatever();
        parts().failFrom(io.inPlace(), Errno.EFAULT);
        if (io.inPlace() == 0) {
          finish();
          throw e;
        }
      } catch (RuntimeException | Error e) {
        // By the source, a full heap, or a defect: it is thrown to the caller, once nothing is in
        // flight.
        inTime = io.endWith(e);
        Defects.log(Defects.At.WRITE, request().info(), e);
      }
      if (!inTime) {
        throw giveUp();
      }
      if (needsThread()) {
        waitForSubmitterThread();
      } else {
        endHere();
      }
      throwFailure();
      return result();
    } finally {
      if (isEnded()) {
        account();
      } else {
        accountLost(direct().ios());
      }
    }
  }

  private void throwFailure() throws IOException {
    if (isEnded() && direct().thrown() != null) {
      throw thrown(direct().thrown());
    }
    if (result() < 0 && direct().failure() != null) {
      throw direct().failure();
    }
  }

  /**
   * Returns the exception of a failure in this process. With nothing submitted the failure is
   * thrown as it is.
   */
  private IOException thrown(Throwable cause) {
    boolean untouched = direct().ios() == 0 && parts().bufferedBytes() == 0;
    if (untouched && cause instanceof RuntimeException e) {
      throw e;
    }
    if (untouched && cause instanceof Error e) {
      throw e;
    }
    return file().failures().thrown(Failures.WRITE, cause);
  }

  private boolean needsThread() {
    try {
      return direct().thrown() == null && (parts().firstOpen() >= 0 || mayCollide());
    } catch (RuntimeException | Error e) {
      direct().threw(e);
      return false;
    }
  }

  /** With nothing in flight: a failure in this process fails the rest. */
  private void endHere() {
    if (direct().thrown() != null) {
      int errno = Defects.errno(direct().thrown());
      parts().failFrom(0, errno);
      dio().pending(errno);
    }
    finish();
  }

  /** Leaves I/Os in flight behind, but none that were never submitted. */
  private IOException giveUp() {
    if (io.withdraw()) {
      boolean untouched = parts().handledBytes() == 0;
      io.dropQueued();
      if (untouched && direct().inFlight() == 0) {
        try {
          return release(false);
        } finally {
          endUnstarted();
        }
      }
    }
    try {
      return release(true);
    } finally {
      if (!io.leave()) {
        endLeftBehind();
      }
    }
  }

  /** Releases the caller. Null if the write has just ended after all. */
  private IOException release(boolean pending) {
    return releaseCaller(pending) ? lost() : null;
  }

  private void waitForSubmitterThread() throws IOException {
    direct().waitFor(WaitingFor.SUBMITTER_THREAD);
    waiter = Thread.currentThread();
    Limit turn;
    Runnable task;
    try {
      turn = request().origin().patience().limit(file().deadline()::nanos, this::whyOnThread);
      task = this::runToTheEnd;
    } catch (OutOfMemoryError e) {
      direct().threw(e);
      endHere();
      return;
    }
    if (!startSubmitterThread(task)) {
      try {
        throw release(false);
      } finally {
        endUnstarted();
      }
    }
    awaitEnd(turn);
  }

  private void awaitEnd(Limit turn) throws IOException {
    Limit wait = turn;
    request().origin().patience().resume();
    boolean interrupted = false;
    try {
      while (!isEnded()) {
        long left = leftNanos(wait);
        if (left > 0) {
          LockSupport.parkNanos(this, left);
          interrupted |= Thread.interrupted();
        } else if (file().policy().onLost() == OnLost.FAIL) {
          IOException lost = isEnded() ? null : release(true);
          if (lost != null) {
            throw lost;
          }
          wait = Limit.FOREVER;
        } else {
          reportLost(true);
          wait = Limit.FOREVER;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A look at the deadline may allocate; the write is owned by another thread by now, and ends. */
  private static long leftNanos(Limit wait) {
    try {
      return wait.leftNanos();
    } catch (OutOfMemoryError e) {
      return LOOK_NANOS;
    }
  }

  /**
   * Hands over to a submitter thread. If the process can have no more descriptors or threads the
   * caller goes on itself, and waits as long as the kernel makes it wait: as without the runtime.
   *
   * @return false if none was free before the deadline
   */
  private boolean startSubmitterThread(Runnable task) {
    try {
      if (file().descriptors().anchor()) {
        Limit free = file().deadline().limit(request().origin());
        boolean started = file().device().execute(task, free);
        if (started || file().policy().onLost() == OnLost.FAIL) {
          return started;
        }
        reportLost(true);
        return file().device().execute(task, Limit.FOREVER);
      }
    } catch (OutOfMemoryError e) {
      // The process can have no more threads, or the heap is full: as without this runtime.
    }
    task.run();
    return true;
  }

  /** The caller waits, or is about to look. */
  @Override
  protected void completed() {
    LockSupport.unpark(waiter);
  }
}
