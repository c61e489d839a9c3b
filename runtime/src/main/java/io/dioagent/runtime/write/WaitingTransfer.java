package io.dioagent.runtime.write;

import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.file.WriteBackErrors;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The parts of a write that have to wait inside the kernel, in the order of the file. Runs on a
 * submitter thread, which owns the write meanwhile. Every step may take for ever, and checks before
 * it writes that the caller is still there.
 */
public final class WaitingTransfer {
  /** Interval at which a wait checks that the caller is still there. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * Number of tries of write-back with a full heap, and the pause after each; past them the write
   * fails.
   */
  private static final int FLUSH_TRIES = 100;

  private static final long FLUSH_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Request request;
  private final FileContext file;
  private final Lane lane;
  private final Dio dio;
  private final Parts parts;
  private final PageClaim claim;
  private final DirectTransfer direct;

  /** From the first buffered write on; null before. */
  private WriteBackErrors.Window writeBackErrors;

  /** Where an append goes, as pwritev2 takes it: -1 is the descriptor's own position. */
  private final long appendPosition;

  public WaitingTransfer(
      Request request,
      Lane lane,
      Dio dio,
      Parts parts,
      PageClaim claim,
      DirectTransfer direct,
      long appendPosition) {
    this.request = request;
    file = request.file();
    this.lane = lane;
    this.dio = dio;
    this.parts = parts;
    this.claim = claim;
    this.direct = direct;
    this.appendPosition = appendPosition;
  }

  /** Writes all that is left, and waits until the device has it. */
  public void run() {
    try {
      if (file.isAppend()) {
        append();
        flush();
      } else {
        writeRest();
        flush();
        checkCollision(file.policy().onCollision());
      }
    } catch (ErrnoException e) {
      dio.pending(e.errno());
    } catch (RuntimeException | Error e) {
      // The caller gets that Error, or one that names a defect; never silence.
      dio.pending(Defects.errno(e));
      direct.threw(e);
      Defects.log(Defects.At.WRITE, request.info(), e);
    } finally {
      if (writeBackErrors != null) {
        writeBackErrors.close();
      }
    }
  }

  /**
   * The bytes are in the page cache by now: a heap that is full for a moment does not make that a
   * failure.
   */
  private void flush() {
    for (int tries = 1; ; tries++) {
      try {
        if (file.isAppend()) {
          flushAppended();
        } else {
          flushBuffered();
        }
        return;
      } catch (OutOfMemoryError e) {
        if (tries == FLUSH_TRIES || isReleased()) {
          throw e;
        }
        LockSupport.parkNanos(FLUSH_RETRY_NANOS);
      }
    }
  }

  private boolean isReleased() {
    return dio.state() == Dio.State.OVERDUE;
  }

  private void writeRest() throws ErrnoException {
    long sizeBytes = -1;
    for (int next; (next = parts.firstOpen()) >= 0 && !isReleased(); ) {
      Part part = parts.get(next);
      if (part.isDirect()) {
        if (sizeBytes < 0 && parts.count() > 1) {
          // Asked before anything is queued; a single part has none to go behind.
          sizeBytes = file.descriptors().sizeBytes();
        }
        queueFrom(next, sizeBytes);
        direct.submit(false);
        if (!reapAll()) {
          return;
        }
      } else {
        writeBuffered(part);
        if (part.isOpen()) {
          return;
        }
      }
    }
  }

  /**
   * Waits for the I/Os in flight, until the caller is released: threads are few.
   *
   * @return false if the caller was released, and some of it still is in flight
   */
  private boolean reapAll() {
    while (direct.inFlight() > 0) {
      lane.reap(direct.inFlight(), LOOK_NANOS);
      if (direct.inFlight() > 0 && isReleased()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Queues the direct parts that may be in flight side by side. Those that extend the file go one
   * after the other: where one fails, no byte behind it is in the file.
   */
  private void queueFrom(int first, long sizeBytes) {
    int queued = 0;
    for (int i = first; i < parts.count() && parts.get(i).isDirect(); i++) {
      Part part = parts.get(i);
      boolean extending = part.offset() + part.lengthBytes() > sizeBytes;
      if (!part.isOpen()) {
        continue;
      }
      boolean wait = queued > 0 && (extending || lane.freeSlots() == 0);
      if (wait || !direct.queue(part, 0)) {
        return;
      }
      queued++;
    }
  }

  /**
   * Before the page cache is written to: the pages are claimed so, and errors from now on are this
   * request's.
   *
   * @return false if the caller was released
   */
  private boolean beginBuffered(boolean claimed) {
    if (!claimed && !claimAgain()) {
      return false;
    }
    if (writeBackErrors == null) {
      writeBackErrors = file.cachedPages().beginBuffered(lane, request.info(), request.origin());
    }
    direct.waitFor(WaitingFor.BUFFERED_WRITE);
    return true;
  }

  /**
   * Sends direct parts through the page cache after all. With nothing in flight, so that no page
   * has to be protected meanwhile: the pages are given back, and claimed anew.
   */
  private boolean claimAgain() {
    PageClaims claims = file.node().claims();
    claims.release(claim);
    claim.coverAgain(parts);
    direct.waitFor(WaitingFor.CLAIM);
    return claims.claim(claim, () -> !isReleased());
  }

  private void writeBuffered(Part part) {
    if (!beginBuffered(claim.holdsCached(part.offset(), part.lengthBytes()))) {
      return;
    }
    int fd = file.descriptors().buffered();
    while (part.isOpen() && !isReleased()) {
      lane.gatherList().clear();
      lane.gatherList().add(part.restAddress(), part.restBytes());
      RequestInfo rest = range(part.restOffset(), part.restBytes());
      long written = file.cachedPages().writeGathered(lane, rest, fd, part.restOffset());
      if (written < 0) {
        part.failed((int) -written);
      } else if (written > part.restBytes()) {
        direct.impossible(part, part.restOffset(), part.restBytes(), written);
      } else {
        part.wroteBuffered((int) written);
        dio.buffered(written);
        if (written == 0) {
          return;
        }
      }
    }
  }

  /** One system call, so that appends of other processes do not come between. */
  private void append() {
    boolean unused = beginBuffered(true);
    int fd = file.descriptors().buffered();
    lane.gatherList().clear();
    for (int i = 0; i < parts.count(); i++) {
      lane.gatherList().add(parts.get(i).restAddress(), parts.get(i).restBytes());
    }
    if (isReleased()) {
      return;
    }
    long written = file.cachedPages().writeGathered(lane, request.info(), fd, appendPosition);
    if (written < 0) {
      parts.get(0).failed((int) -written);
      return;
    }
    if (written > lane.gatherList().lengthBytes()) {
      direct.impossible(parts.get(0), -1, lane.gatherList().lengthBytes(), written);
      return;
    }
    dio.buffered(written);
    for (int i = 0; i < parts.count(); i++) {
      int bytes = (int) Math.min(written, parts.get(i).lengthBytes());
      parts.get(i).wroteBuffered(bytes);
      written -= bytes;
    }
  }

  private void flushAppended() {
    long bytes = parts.bufferedBytes();
    if (bytes == 0) {
      return;
    }
    // A positional write on O_APPEND does not return its place: then the range is the whole file.
    long end = appendPosition < 0 ? Linux.position(file.descriptors().buffered()) : 0;
    flush(end < bytes ? 0 : end - bytes, end < bytes ? 0 : bytes);
  }

  /** A buffered part, too, has ended only when the device has it. */
  private void flushBuffered() {
    for (int i = 0; i < parts.count(); i++) {
      if (parts.get(i).bufferedBytes() == 0) {
        continue;
      }
      long from = parts.get(i).offset();
      while (i + 1 < parts.count() && parts.get(i + 1).bufferedBytes() > 0) {
        i++;
      }
      flush(from, parts.get(i).restOffset() - from);
    }
  }

  private void flush(long offset, long lengthBytes) {
    if (isReleased()) {
      return;
    }
    direct.waitFor(WaitingFor.WRITE_BACK);
    long flushed = file.cachedPages().flush(lane, range(offset, lengthBytes), writeBackErrors);
    if (flushed < 0) {
      dio.pending((int) -flushed);
    }
  }

  private RequestInfo range(long offset, long lengthBytes) {
    return new RequestInfo(request.info().requestId(), file.path(), offset, lengthBytes);
  }

  /** Whether the cache holds some of the directly written pages. Does not block. */
  boolean suspectCollision() {
    return suspect() != null;
  }

  private RequestInfo suspect() {
    return parts.firstError() != 0
        ? null
        : file.cachedPages().suspectCollision(lane, request.info().requestId(), parts);
  }

  private void checkCollision(OnCollision policy) throws ErrnoException {
    RequestInfo range = isReleased() ? null : suspect();
    if (range == null) {
      return;
    }
    direct.waitFor(WaitingFor.WRITE_BACK);
    long marked = file.cachedPages().collision(lane, range, request.origin());
    if (marked == 0) {
      return;
    }
    if (policy == OnCollision.FAIL) {
      dio.pending((int) -marked);
    } else if (policy == OnCollision.LAUNDER) {
      // Its error stays with the file, and is returned again when the range is written once more.
      long unused =
          file.cachedPages().flushOthers(range, fd -> lane.pageCache().writeBack(range, fd));
      for (int i = 0; i < parts.count(); i++) {
        if (parts.get(i).isDirect()) {
          dio.again(parts.get(i).doneBytes());
          parts.get(i).startAgain();
        }
      }
      writeRest();
      checkCollision(OnCollision.REPORT);
    }
  }
}
