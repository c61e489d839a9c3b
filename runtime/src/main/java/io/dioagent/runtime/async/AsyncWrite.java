package io.dioagent.runtime.async;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import io.dioagent.runtime.write.Segments;
import java.io.IOException;
import java.util.List;

/**
 * One asynchronous write, from its call to its one ending; its states are those of {@link
 * AsyncState}. AsyncState and lane write are guarded by its monitor. The rest belongs to the thread
 * that submits, to the one that ends the lane write, or to a thread that waits for it: one at a
 * time, handed on by a queue.
 */
final class AsyncWrite {
  private final AsyncWriter writer;
  private final AsyncFile asyncFile;
  private final FileContext file;
  private final WriteSource source;
  private final long position;
  private final long lengthBytes;
  private final Origin origin = Origin.here(System.nanoTime());
  private final Delivery delivery;
  private final ThreadParts work;
  private final AsyncExpiry expiry;

  /** Link of the list of writes without a place in a queue, which guards it. */
  private AsyncWrite nextStranded;

  private AsyncState state = AsyncState.WAITING;
  private LaneWrite onLane;

  /** The event of the first segment on the lane; null once it is taken. */
  private Object token;

  /** Bytes written, from the start of the source. */
  private long doneBytes;

  private volatile boolean forAThread;

  AsyncWrite(
      AsyncWriter writer, AsyncFile asyncFile, WriteSource source, long position, Ended ended) {
    this.writer = writer;
    this.asyncFile = asyncFile;
    file = asyncFile.file();
    this.source = source;
    this.position = position;
    delivery = new Delivery(writer, file, ended);
    lengthBytes = source.lengthBytes();
    work = new ThreadParts(writer, this);
    expiry = new AsyncExpiry(writer, this);
    token = file.runtime().events().beginWrite();
  }

  FileContext file() {
    return file;
  }

  AsyncFile asyncFile() {
    return asyncFile;
  }

  Origin origin() {
    return origin;
  }

  WriteSource source() {
    return source;
  }

  /** Offset of the source's first byte in the file. */
  long position() {
    return position;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /** By the owner, as the next one. */
  long doneBytes() {
    return doneBytes;
  }

  void setDoneBytes(long bytes) {
    doneBytes = bytes;
  }

  ThreadParts work() {
    return work;
  }

  AsyncExpiry expiry() {
    return expiry;
  }

  /** Null unless a segment is on the lane. */
  synchronized LaneWrite onLane() {
    return onLane;
  }

  /** First byte that is still to be written, in the file. */
  long restOffset() {
    return position + doneBytes;
  }

  long endOffset() {
    return position + lengthBytes;
  }

  /** Bytes that one request covers next. */
  long segmentBytes() {
    return Segments.lengthBytes(file, restOffset(), lengthBytes - doneBytes);
  }

  /** Whether the rest is whole blocks, at least one. */
  boolean isWholeBlocks() {
    boolean aligned = ((restOffset() | endOffset()) & (file.alignBytes() - 1)) == 0;
    return aligned && doneBytes < lengthBytes;
  }

  /** Returns its row as a whole, regardless of segments. */
  InFlightRequest inFlight() {
    LaneWrite segment;
    boolean waiting;
    synchronized (this) {
      segment = onLane;
      waiting = state == AsyncState.WAITING;
    }
    String waitingFor =
        waiting
            ? writer.whyWaiting(this)
            : segment == null ? "a thread that writes it" : segment.waitingFor();
    long id = segment == null ? 0 : segment.request().info().requestId();
    RequestInfo request = new RequestInfo(id, file.path(), position, lengthBytes);
    return file.inFlight(Failures.WRITE, request, origin, waitingFor);
  }

  /** Whether it waits to be begun. */
  synchronized boolean isWaiting() {
    return state == AsyncState.WAITING;
  }

  /** Takes ownership of a waiting write; false if it is over. */
  synchronized boolean begin() {
    boolean mine = state == AsyncState.WAITING;
    if (mine) {
      state = AsyncState.RUNNING;
    }
    return mine;
  }

  /** Whether a thread or the lane has it. */
  synchronized boolean isRunning() {
    return state == AsyncState.RUNNING;
  }

  /** Gives up a write that could not be queued; false if it is over. */
  boolean giveUp() {
    boolean mine = begin();
    if (mine && token != null) {
      file.runtime().events().abandonWrite(token);
      token = null;
    }
    return mine;
  }

  /** Whether it waits for a thread, rather than for the lane. */
  boolean waitsForThread() {
    return forAThread;
  }

  void toThread() {
    forAThread = true;
    writer.waitForThread(this);
  }

  void toLane() {
    forAThread = false;
    writer.waitForLane(this);
  }

  synchronized void waitAgain() {
    onLane = null;
    state = AsyncState.WAITING;
  }

  // By the submitter.

  /**
   * Begins the next segment.
   *
   * @param buffers become its own
   * @param claim of its pages, which it holds
   * @return the segment to be queued; null if the write is over, or the bytes could not be read
   */
  LaneWrite beginOnLane(
      Lane lane,
      long segmentBytes,
      List<WritePlan.Part> plan,
      NativeBuffer[] buffers,
      PageClaim claim) {
    if (!begin()) {
      file.device().release(buffers);
      return null;
    }
    LaneWrite segment = null;
    IOException failure = null;
    int errno = Errno.ENOMEM;
    try {
      Request request = Request.on(lane, file, restOffset(), segmentBytes, origin);
      Parts parts = new Parts(plan, buffers);
      LaneWrite made = new LaneWrite(this, request, lane, buffers, parts, claim, event());
      failure = copy(parts);
      errno = failure == null ? errno : Errno.EFAULT;
      if (failure == null && !file.descriptors().enter()) {
        failure = file.failures().closed();
      }
      segment = failure == null ? made : null;
    } catch (RuntimeException | Error e) {
      failure = failed(e);
    }
    if (segment == null) {
      file.device().release(buffers);
      endAfterProgress(failure, errno);
      return null;
    }
    token = null;
    synchronized (this) {
      onLane = segment;
      expiry.beganOnLane();
    }
    return segment;
  }

  /** Of the next segment. */
  private Object event() {
    if (token == null) {
      token = file.runtime().events().beginWrite();
    }
    return token;
  }

  /** Returns the exception of a failure in this process, and not on a device. */
  IOException failed(Throwable e) {
    return file.failures().asException(Failures.WRITE, e);
  }

  private IOException copy(Parts parts) {
    try {
      for (int i = 0; i < parts.count(); i++) {
        parts.get(i).copyFrom(source, position);
      }
      return null;
    } catch (RuntimeException | InternalError e) {
      return unreadable(e);
    }
  }

  /** As the kernel reports memory that it cannot read. */
  static IOException unreadable(Throwable cause) {
    return new IOException(Errno.message(Errno.EFAULT), cause);
  }

  // By the thread that ends the lane write.

  /**
   * A segment has ended, and may have left something to be written by a thread.
   *
   * @param error negative, or 0
   * @param why the write's exception if it fails; null where the error says all
   */
  void laneEnded(RequestInfo segment, Parts parts, long error, IOException why) {
    if (error < 0) {
      laneFailed(segment, parts, error, why);
      return;
    }
    boolean isOver;
    try {
      isOver = !work.addRest(segment, parts);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.SEGMENT_END, segment, e);
      end(0, failed(e));
      return;
    }
    if (isOver) {
      end(lengthBytes, null);
      return;
    }
    boolean needsThread = work.needsThread();
    waitAgain();
    if (needsThread) {
      toThread();
    } else {
      toLane();
    }
  }

  private void laneFailed(RequestInfo segment, Parts parts, long error, IOException why) {
    long outcome = parts.outcome(error);
    if (outcome >= 0) {
      end(doneBytes + outcome, null);
      return;
    }
    int errno = (int) -outcome;
    IOException failure = why;
    try {
      failure =
          why != null
              ? why
              : file.failures().failed(segment.offset(), segment.lengthBytes(), errno);
    } catch (OutOfMemoryError e) {
      failure = PreparedFailures.outOfMemory();
    }
    endAfterProgress(failure, errno);
  }

  /** The lane write was given up. */
  void laneLost(IOException failure) {
    end(0, failure);
  }

  /** Ends it with an unexpected error; does nothing if it is over. */
  void endIfWaiting(IOException failure) {
    if (begin()) {
      end(0, failure);
    }
  }

  /** As write(2): the bytes before a limit, or before memory that cannot be read, count. */
  void endAfterProgress(IOException failure, int errno) {
    if (doneBytes > 0 && Parts.isLimit(errno)) {
      end(doneBytes, null);
    } else {
      end(0, failure);
    }
  }

  void end(long bytes, IOException failure) {
    synchronized (this) {
      if (state != AsyncState.RUNNING) {
        throw new IllegalStateException("ended in state " + state + ", expected RUNNING");
      }
      state = AsyncState.OVER;
      onLane = null;
    }
    if (token != null) {
      file.runtime().events().abandonWrite(token);
      token = null;
    }
    expiry.ended(bytes, failure);
    delivery.set(bytes, failure);
    writer.over(this);
  }

  /** Its result, for its handler. */
  Delivery delivery() {
    return delivery;
  }

  AsyncWrite nextStranded() {
    return nextStranded;
  }

  void setNextStranded(AsyncWrite next) {
    nextStranded = next;
  }
}
