package io.dioagent.runtime.async;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.LostMark;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.SyscallThreads;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import io.dioagent.runtime.write.Segments;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One asynchronous write, from its call to its one ending.
 *
 * <pre>
 * state      what happens, by which thread                                   next
 * WAITING    {@link #beginOnLane}, by the thread that submits: whole blocks  RUNNING, on the lane
 *            within the file, with memory, slots and its pages
 *            the same, and its bytes cannot be read, or the file is closed   OVER with that error
 *            {@link #restToThread}, by the thread that submits: it cannot    WAITING, for a thread
 *            go on the lane
 *            {@link #run}, by a thread of the file's: something is left for  RUNNING, on that thread
 *            it to write
 *            {@link #run}, with nothing to write: opens the direct           WAITING, for the lane
 *            descriptor
 *            {@link #run}, after a segment of which the page cache may have  RUNNING, on that thread
 *            kept pages: they are looked at while it is WAITING
 *            {@link #endIfWaiting}, by the thread that submits: it failed    OVER with that error
 *            {@link #giveUp}, by the caller: it could not be queued          RUNNING, and dropped:
 *                                                                            the call throws
 *            {@link #expire}, by the watchdog: its deadline is spent, and    OVER with ETIMEDOUT
 *            the policy is FAIL
 *            the same, and the policy is REPORT                              WAITING, reported lost
 * RUNNING    {@link #laneEnded}, by the thread that drops the last count of  OVER; WAITING if
 *            its {@link LaneWrite}: submitter or reaper                      something is left
 *            {@link #laneLost}, by the watchdog: its deadline is spent, the  OVER with ETIMEDOUT;
 *            reaper has looked at the lane since, the policy is FAIL, and    its I/Os drain later
 *            {@link LaneWrite#expire} came first
 *            the thread that has it is through, or fails                     OVER; WAITING for the
 *                                                                            lane if more is left
 * OVER       {@link #tell}, by the reaper, or a thread in its place: the     OVER; once more if the
 *            handler is called                                               handler lacked memory
 *            any other end                                                   IllegalStateException
 * </pre>
 *
 * <p>Every way out of WAITING is {@link #begin}, and every way to OVER is {@link #end}, each one
 * step under the monitor: the first one wins. A long write is several segments, one after the
 * other, and so is WAITING between them. On a thread it is a synchronous write, which looks at the
 * deadline itself: the watchdog leaves it alone. Of a lane write that counts as lost, memory, pages
 * and descriptors stay in use until its last I/O has ended ({@link LaneWrite#drained}).
 *
 * <p>State and lane write are guarded by its monitor. The rest belongs to the thread that submits,
 * to the one that ends the lane write, or to a thread that waits for it: one at a time, handed on
 * by a queue.
 */
final class AsyncWrite implements Runnable {
  private enum State {
    WAITING,
    RUNNING,
    OVER
  }

  /** How often it is asked whether it still is to be done. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long NOT_SPENT = -1;

  private final AsyncWriter writer;
  private final AsyncFile asyncFile;
  private final FileContext file;
  private final WriteSource source;
  private final long position;
  private final long lengthBytes;
  private final Ended ended;
  private final Origin origin = Origin.here(System.nanoTime());

  // Written before it is handed on to be told.

  private long result;
  private IOException resultFailure;

  private AsyncWrite nextStranded;
  private AsyncWrite nextUntold;

  private State state = State.WAITING;
  private LaneWrite onLane;

  /** Of the event for what comes first on the lane; null once it is taken. */
  private Object token;

  /** What is written, from the start of the source. */
  private long doneBytes;

  /** What a thread is to write, in the order of the source; the rest is done then. */
  private final ArrayDeque<Extent> forThread = new ArrayDeque<>(4);

  /** What went direct while the page cache may have kept some of it; null for nothing. */
  private volatile RequestInfo suspect;

  private volatile boolean forAThread;
  private boolean openedDirect;

  /** While it waits to be begun. */
  private final Patience.Why turn;

  /** The thread that has its pages written back meanwhile; null if there is none. */
  private volatile KernelThread settler;

  /** Of {@link #suspect}; null as that. */
  private volatile LostMark suspectMark;

  /** Of one that was told lost before it began, and goes on. */
  private final LostMark waitMark = new LostMark();

  /** {@link AsyncWriter#looks} when the deadline was found spent. Written by the watchdog. */
  private volatile long looksToWaitFor = NOT_SPENT;

  /** A part of the source. */
  private record Extent(long from, long end) {}

  AsyncWrite(
      AsyncWriter writer, AsyncFile asyncFile, WriteSource source, long position, Ended ended) {
    this.writer = writer;
    this.asyncFile = asyncFile;
    file = asyncFile.file();
    this.source = source;
    this.position = position;
    this.ended = ended;
    lengthBytes = source.lengthBytes();
    turn = file.device().traffic().watch();
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

  /** As a whole, whatever of it is under way. */
  InFlightRequest inFlight() {
    LaneWrite segment;
    boolean waiting;
    synchronized (this) {
      segment = onLane;
      waiting = state == State.WAITING;
    }
    String waitingFor =
        waiting
            ? writer.whyWaiting(this)
            : segment == null ? "a thread that writes it" : segment.waitingFor();
    long id = segment == null ? 0 : segment.requestId();
    RequestInfo request = new RequestInfo(id, file.path(), position, lengthBytes);
    return file.inFlight(Failures.WRITE, request, origin, waitingFor);
  }

  /** Whether it waits to be begun. */
  synchronized boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Makes it the caller's; false if it is over. */
  private synchronized boolean begin() {
    boolean mine = state == State.WAITING;
    if (mine) {
      state = State.RUNNING;
    }
    return mine;
  }

  /** It could not be queued, and is not to be; false if it is over. */
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

  private void toThread() {
    forAThread = true;
    writer.waitForThread(this);
  }

  private void toLane() {
    forAThread = false;
    writer.waitForLane(this);
  }

  private synchronized void waitAgain() {
    onLane = null;
    state = State.WAITING;
  }

  // By the submitter.

  /**
   * Begins the next segment.
   *
   * @param buffers become its own
   * @param claim of its pages, which it holds
   * @return what is to be queued; null if it is over, or the bytes could not be read
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
      RequestInfo request =
          new RequestInfo(lane.nextRequestId(), file.path(), restOffset(), segmentBytes);
      Parts parts = new Parts(plan, buffers);
      LaneWrite made = new LaneWrite(this, request, buffers, parts, claim, event(), lane);
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
      looksToWaitFor = NOT_SPENT;
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

  /** What it ends with that failed in this process, and not on a device. */
  private IOException failed(Throwable e) {
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

  /** As the kernel says it of memory that it cannot read. */
  private static IOException unreadable(Throwable cause) {
    return new IOException(Errno.message(Errno.EFAULT), cause);
  }

  /** All the rest is written by a thread that may wait. */
  void restToThread() {
    forThread.add(new Extent(doneBytes, lengthBytes));
    toThread();
  }

  /** It lacks a direct descriptor only. False if that was seen to before. */
  boolean openDirectOnThread() {
    if (openedDirect) {
      return false;
    }
    openedDirect = true;
    toThread();
    return true;
  }

  // By who ends what is on the lane.

  /**
   * A segment has ended, and may have left something to be written by a thread.
   *
   * @param error negative, or 0
   * @param why the write ends with if it fails; null where the error says all
   */
  void laneEnded(RequestInfo segment, Parts parts, long error, IOException why) {
    if (error < 0) {
      laneFailed(segment, parts, error, why);
      return;
    }
    boolean isOver;
    try {
      isOver = !hasRest(segment, parts);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.SEGMENT_END, segment, e);
      end(0, failed(e));
      return;
    }
    if (isOver) {
      end(lengthBytes, null);
      return;
    }
    boolean needsThread = suspect != null || !forThread.isEmpty();
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

  /** A segment has been written, or may have left something to a thread. */
  private boolean hasRest(RequestInfo segment, Parts parts) {
    for (int i = 0; i < parts.count(); i++) {
      if (parts.get(i).isOpen()) {
        addForThread(parts.get(i));
      }
    }
    long segmentEnd = doneBytes + segment.lengthBytes();
    if (!forThread.isEmpty() && segmentEnd < lengthBytes) {
      forThread.add(new Extent(segmentEnd, lengthBytes));
    }
    RequestInfo collided = writer.suspectCollision(file, segment.requestId(), parts);
    suspectMark = collided == null ? null : new LostMark();
    suspect = collided;
    doneBytes = segmentEnd;
    return suspect != null || !forThread.isEmpty() || doneBytes < lengthBytes;
  }

  private void addForThread(Part part) {
    long from = part.restOffset() - position;
    long end = from + part.restBytes();
    Extent last = forThread.peekLast();
    if (last != null && last.end == from) {
      forThread.removeLast();
      from = last.from;
    }
    forThread.addLast(new Extent(from, end));
  }

  // By a thread that may get stuck. What it does while WAITING the watchdog may end.

  @Override
  public void run() {
    try {
      if (suspect != null) {
        settleCollision();
      } else if (forThread.isEmpty()) {
        openDirect();
        toLane();
      } else if (begin()) {
        writeForThread();
      }
    } catch (IOException e) {
      endOnThread(e);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.ASYNC_WRITE, file.path(), e);
      endOnThread(failed(e));
    }
  }

  /** What a thread has of it has failed, whether it had begun to write or not. */
  private void endOnThread(IOException failure) {
    boolean mine;
    synchronized (this) {
      mine = state == State.RUNNING;
    }
    if (mine || begin()) {
      end(0, failure);
    }
  }

  /** With the descriptors held, as the write may be ended meanwhile. */
  private void openDirect() {
    if (file.descriptors().enter()) {
      try {
        boolean unused = file.descriptors().anchor();
        file.ability().openDirect();
      } finally {
        file.descriptors().leave();
      }
    }
  }

  private void settleCollision() throws IOException {
    RequestInfo range = suspect;
    boolean again;
    settler = SyscallThreads.current();
    try {
      again = isToBeLaundered(range);
    } finally {
      settler = null;
      if (suspectMark.end()) {
        file.runtime().late(range, origin, range.lengthBytes(), isWaiting());
      }
    }
    if (!begin()) {
      return;
    }
    suspect = null;
    if (again) {
      long from = range.offset() - position;
      forThread.addFirst(new Extent(from, from + range.lengthBytes()));
    }
    if (!forThread.isEmpty()) {
      writeForThread();
    } else if (doneBytes < lengthBytes) {
      waitAgain();
      toLane();
    } else {
      end(lengthBytes, null);
    }
  }

  /**
   * Whether it is to be written once more, as the page cache kept some of it.
   *
   * @throws IOException if that is to be its end
   */
  private boolean isToBeLaundered(RequestInfo range) throws IOException {
    Lane lane = null;
    while (lane == null && isWaiting()) {
      lane = file.device().borrowLane(Limit.until(System.nanoTime() + LOOK_NANOS));
    }
    if (lane == null) {
      return false;
    }
    boolean open = file.descriptors().enter();
    try {
      long marked = open ? file.cachedPages().collision(lane, range, origin) : 0;
      if (marked < 0 && file.policy().onCollision() == OnCollision.FAIL) {
        file.runtime().failed(range, origin, marked, "page-cache collision");
        throw file.failures().failed(range.offset(), range.lengthBytes(), (int) -marked);
      }
      boolean launder = marked < 0 && file.policy().onCollision() == OnCollision.LAUNDER;
      if (launder) {
        // An error of it stays with the file, and comes up again when it is written once more.
        Lane mine = lane;
        long unused =
            file.cachedPages().flushOthers(range, fd -> mine.pageCache().writeBack(range, fd));
      }
      return launder;
    } finally {
      file.device().giveBack(lane);
      if (open) {
        file.descriptors().leave();
      }
    }
  }

  private void writeForThread() {
    for (Extent next; (next = forThread.pollFirst()) != null; ) {
      doneBytes = next.from;
      try {
        doneBytes +=
            new Segments(file).writeBehindOthers(source, next.from, next.end, position, origin);
      } catch (IOException e) {
        endAfterProgress(e, DirectIoException.errnoOf(e));
        return;
      } catch (InternalError e) {
        endAfterProgress(unreadable(e), Errno.EFAULT);
        return;
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_WRITE, file.path(), e);
        end(0, failed(e));
        return;
      }
      if (doneBytes < next.end) {
        end(doneBytes, null);
        return;
      }
    }
    end(lengthBytes, null);
  }

  // By the watchdog.

  /** If its deadline has passed: ends it, or tells it lost. */
  void expire() {
    LaneWrite running;
    synchronized (this) {
      running = onLane;
      if (running == null && state != State.WAITING) {
        return; // A thread writes it, which looks at the deadline itself.
      }
    }
    boolean spent =
        origin
            .patience()
            .isSpentInRounds(
                file.runtime().watchdog().restNanos(), file.deadline().nanos(), this::whyOut);
    if (!spent) {
      return;
    }
    if (running != null) {
      if (hasAskedOnceMore()) {
        running.expire();
      }
    } else {
      expireWaiting(file.policy().onLost() == OnLost.FAIL);
    }
  }

  /** What it waits for. */
  private Patience.Cause whyOut() {
    LaneWrite running;
    synchronized (this) {
      running = onLane;
    }
    if (running != null) {
      return writer.whyOnLane(running.isSubmitted());
    }
    KernelThread thread = settler;
    if (thread != null) {
      return Worker.causeOf(thread);
    }
    return turn.cause();
  }

  /** Whether the reaper has looked at the lane since the deadline was found spent. */
  private boolean hasAskedOnceMore() {
    if (looksToWaitFor == NOT_SPENT) {
      looksToWaitFor = writer.looks();
      writer.wakeReaper();
    }
    return writer.hasLookedSince(looksToWaitFor);
  }

  private void expireWaiting(boolean fails) {
    RequestInfo range = suspect;
    if (range != null) {
      if (suspectMark.set()) {
        IOException failure = notWrittenBack(range);
        if (fails) {
          endIfWaiting(failure);
        }
      }
      return;
    }
    String why = writer.whyWaiting(this);
    if (!fails) {
      if (waitMark.set()) {
        file.deadline().notYetStarted(position, lengthBytes, origin, why);
      }
    } else if (begin()) {
      end(0, notStarted(why));
    }
  }

  private IOException notWrittenBack(RequestInfo range) {
    try {
      return file.deadline().notWrittenBack(range, origin);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  private IOException notStarted(String why) {
    try {
      return file.deadline().notStarted(position, lengthBytes, origin, why);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  // Its end, by whoever has it.

  /** The lane write was given up. */
  void laneLost(IOException failure) {
    end(0, failure);
  }

  /** Ends it with an error that was foreseen nowhere; nothing if it is over. */
  void endIfWaiting(IOException failure) {
    if (begin()) {
      end(0, failure);
    }
  }

  /** As write(2): the bytes before a limit, or before memory that cannot be read, count. */
  private void endAfterProgress(IOException failure, int errno) {
    if (doneBytes > 0 && Parts.isLimit(errno)) {
      end(doneBytes, null);
    } else {
      end(0, failure);
    }
  }

  private void end(long bytes, IOException failure) {
    synchronized (this) {
      if (state != State.RUNNING) {
        throw new IllegalStateException("ended in state " + state + ", expected RUNNING");
      }
      state = State.OVER;
      onLane = null;
    }
    if (token != null) {
      file.runtime().events().abandonWrite(token);
      token = null;
    }
    if (waitMark.end()) {
      tellLate(failure == null ? bytes : -DirectIoException.errnoOf(failure));
    }
    result = bytes;
    resultFailure = failure;
    writer.over(this);
  }

  private void tellLate(long outcome) {
    try {
      RequestInfo request = new RequestInfo(0, file.path(), position, lengthBytes);
      file.runtime().late(request, origin, outcome, true);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LATE_REPORT, file.path(), e);
    }
  }

  /** After its end; once more where there was no memory for it. */
  void tell() {
    boolean again = true;
    try {
      ended.ended(result, resultFailure);
      again = false;
    } catch (RuntimeException | Error e) {
      again = e instanceof OutOfMemoryError;
      Defects.log(Defects.At.ASYNC_END, file.path(), e);
    } finally {
      if (again) {
        writer.tellAgain(this);
      }
    }
  }

  // Links of lists that need no memory, each guarded by the list that it is of.

  AsyncWrite nextStranded() {
    return nextStranded;
  }

  void setNextStranded(AsyncWrite next) {
    nextStranded = next;
  }

  AsyncWrite nextUntold() {
    return nextUntold;
  }

  void setNextUntold(AsyncWrite next) {
    nextUntold = next;
  }
}
