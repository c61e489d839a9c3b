package io.dioagent.runtime;

import io.dioagent.runtime.linux.ErrnoException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was written to one file and is on its way: copied into chunks, which go to the device in the
 * order in which they were begun, one request after the other. Only a stream over what is in the
 * file already has two requests on their way, so that the device is busy while one of them ends.
 *
 * <pre>
 * a chunk    what happens                                               next
 * OPEN       the writer whose turn it is fills it                       OPEN
 *            full; the next write is elsewhere; settle; old; memory     SEALED
 *            is needed
 * SEALED     a drainer takes it, and those that go on where it ends     WRITING
 *            its deadline passes                                        ENDED with an error
 * WRITING    its request ends, or is given up when overdue              ENDED
 * </pre>
 *
 * <p>A drainer has one request at a time: it is a submitter thread, or a caller that waits for the
 * end anyway and finds nobody at it ({@link #drainHere}). One that got stuck in a request that was
 * given up is replaced, and finds that when it comes back.
 *
 * <p>Thread-safe. The turn orders the writers, and is held while one copies or waits for memory.
 * The lock guards all fields; it is never held during I/O, a copy, or a wait for memory, and only
 * the lock of {@link Pipelines} is taken under it.
 */
final class Pipeline implements InFlightSource {
  /** Chunks of one file that may be on their way, beside the open one: then its writer waits. */
  private static final int MAX_SEALED = 8;

  /** Of one request: then the next one, or room for the writer, is there before it has ended. */
  private static final int MAX_TAKEN = MAX_SEALED / 2;

  /** Requests on their way at once. */
  private static final int MAX_WRITING = 2;

  /** How often one who waits looks for what is overdue. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** After the deadline all has ended, but for a writer that is stuck in reading its source. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileNode node;
  private final DirectRuntime runtime;
  private final Pipelines all;
  private final Device device;
  private final ChunkMemory memory;
  private final Permits turn = new Permits(1);
  private final ReentrantLock lock = new ReentrantLock();

  /** Something ended, or nobody drains any more, or a chunk was filled that somebody waits for. */
  private final Condition changed = lock.newCondition();

  private Chunk open;

  /** The writer whose turn it is is copying into the open chunk. */
  private boolean filling;

  private final ArrayDeque<Chunk> sealed = new ArrayDeque<>();

  /** What drainers have taken, in that order. */
  private final ArrayDeque<Chunks> writing = new ArrayDeque<>(MAX_WRITING);

  /** Who drains, or has been asked to. */
  private final List<Object> drainers = new ArrayList<>(MAX_WRITING);

  private long lastSequence;

  /** Chunks that have not ended: changed under the lock, looked at without. */
  private final AtomicInteger pendingChunks = new AtomicInteger();

  Pipeline(FileNode node, DirectRuntime runtime, Device device) {
    this.node = node;
    this.runtime = runtime;
    this.device = device;
    all = runtime.pipelines();
    memory = new ChunkMemory(runtime, device);
  }

  boolean hasPending() {
    return pendingChunks.get() != 0;
  }

  // Writing.

  /**
   * Takes bytes on their way, waiting for memory and for those before them.
   *
   * @return how many: all, or fewer from where on they cannot go this way
   * @throws IOException if the deadline passed, or the file is closed
   * @throws InternalError if the source could not be read, and nothing of it was taken
   */
  long write(DirectFile file, WriteSource source, long position, long startNanoTime)
      throws IOException {
    Origin origin = Origin.here(startNanoTime);
    long length = source.lengthBytes();
    takeTurn(file, position, length, origin);
    try {
      long done = 0;
      while (done < length) {
        Chunk chunk = beginFilling(file, position + done, length - done, origin);
        if (chunk == null) {
          break;
        }
        int bytes = (int) Math.min(length - done, chunk.roomBytes());
        int filled = 0;
        try {
          PendingFaults.copy(source, done, chunk.room(bytes));
          filled = bytes;
        } catch (InternalError e) {
          if (done == 0) {
            throw e;
          }
          return done;
        } finally {
          endFilling(chunk, filled);
        }
        done += bytes;
      }
      return done;
    } finally {
      turn.release();
    }
  }

  private void takeTurn(DirectFile file, long position, long length, Origin origin)
      throws IOException {
    if (!turn.tryAcquire()) {
      Object unused =
          file.deadline()
              .waitFor(
                  position,
                  length,
                  origin,
                  limit -> turn.acquire(limit) ? turn : null,
                  () -> "another write of the file was waiting");
    }
  }

  /** A chunk with room at an offset; null if writes have to wait for their end. */
  private Chunk beginFilling(DirectFile file, long offset, long lengthBytes, Origin origin)
      throws IOException {
    boolean crowded;
    lock.lock();
    try {
      if (!mayTake(file)) {
        return null;
      }
      if (open != null && open.file() == file && open.endOffset() == offset) {
        filling = true;
        return open;
      }
      if (open != null) {
        sealOpen();
      }
      crowded = isCrowded();
    } finally {
      lock.unlock();
    }
    drainSoon();
    if (crowded) {
      Object unused =
          file.deadline()
              .waitFor(
                  offset,
                  lengthBytes,
                  origin,
                  limit -> awaitRoom(limit) ? this : null,
                  () -> "the writes before it have not ended");
    }
    NativeBuffer[] taken = memory.take(file, offset, lengthBytes, origin);
    Chunk chunk = null;
    lock.lock();
    try {
      if (mayTake(file)) {
        int align = ChunkMemory.alignBytes(file);
        chunk = new Chunk(this, file, taken, offset, align, ++lastSequence, origin);
        open = chunk;
        filling = true;
        pendingChunks.incrementAndGet();
        all.opened(chunk);
      }
    } finally {
      lock.unlock();
      if (chunk == null) {
        device.release(taken);
      }
    }
    all.lookOut();
    return chunk;
  }

  /** Caller holds the lock. */
  private boolean mayTake(DirectFile file) throws IOException {
    if (file.isClosing()) {
      throw file.failures().closed();
    }
    return !all.isStopped() && node.mayPend();
  }

  /** With none open. Caller holds the lock. */
  private boolean isCrowded() {
    return pendingChunks.get() >= MAX_SEALED;
  }

  private void endFilling(Chunk chunk, int filledBytes) {
    boolean empty;
    boolean goes;
    lock.lock();
    try {
      filling = false;
      chunk.filled(filledBytes);
      empty = chunk.lengthBytes() == 0;
      goes = !empty && (chunk.roomBytes() == 0 || chunk.isSealAsked());
      if (empty) {
        open = null;
        all.notOpen(chunk);
        gone(1);
      } else if (goes) {
        sealOpen();
      }
    } finally {
      lock.unlock();
    }
    node.changed();
    if (empty) {
      chunk.release();
    }
    if (goes) {
      drainSoon();
    }
  }

  /** Caller holds the lock. */
  private void sealOpen() {
    Chunk chunk = open;
    open = null;
    all.notOpen(chunk);
    chunk.seal();
    if (sealed.isEmpty() && writing.isEmpty()) {
      all.busy(this);
    }
    sealed.addLast(chunk);
    memory.sealed(chunk);
    changed.signalAll();
  }

  /** Makes a chunk go, which may be open no longer. Any thread; does not block. */
  void seal(Chunk chunk) {
    lock.lock();
    try {
      if (open != chunk) {
        return;
      }
      if (filling) {
        chunk.askSeal();
        return;
      }
      sealOpen();
    } finally {
      lock.unlock();
    }
    drainSoon();
  }

  // Waiting.

  /**
   * Waits until all that was written so far is in the file, or its error is recorded; until its
   * deadline at most, unless the policy is to wait on. Writes it itself if nobody is at it.
   */
  void settle() {
    if (hasPending()) {
      barrier();
    }
  }

  /**
   * As {@link #settle()}, and of writes that are just beginning, too: for who has changed what they
   * look at before.
   */
  void barrier() {
    long target;
    lock.lock();
    try {
      target = lastSequence;
      askSeal();
    } finally {
      lock.unlock();
    }
    settle(target);
  }

  /**
   * Waits as {@link #settle()} does if a read of a range could see that something is on its way:
   * its bytes, or that there are some behind it.
   */
  void settle(long offset, long lengthBytes) {
    if (!hasPending()) {
      return;
    }
    long end = lengthBytes > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + lengthBytes;
    boolean overlaps = false;
    long pendingEnd = 0;
    DirectFile file = null;
    lock.lock();
    try {
      for (Chunk chunk : pending()) {
        overlaps |= chunk.offset() < end && offset < chunk.endOffset();
        pendingEnd = Math.max(pendingEnd, chunk.endOffset());
        file = chunk.file();
      }
    } finally {
      lock.unlock();
    }
    if (overlaps || (file != null && endsBefore(file, Math.min(end, pendingEnd)))) {
      settle();
    }
  }

  /** Those that have not ended. Caller holds the lock. */
  private List<Chunk> pending() {
    List<Chunk> all = new ArrayList<>(sealed);
    if (open != null) {
      all.add(open);
    }
    for (Chunks chunks : writing) {
      all.addAll(chunks.all());
    }
    return all;
  }

  /**
   * Whether the file is not so long yet: then a read up to there would find its end before. Asked
   * of the kernel, as somebody may have truncated it, by opening it as well.
   */
  private static boolean endsBefore(DirectFile file, long offset) {
    if (!file.descriptors().enter()) {
      return true; // It is being closed, and what is on its way waited for.
    }
    try {
      return file.descriptors().sizeBytes() < offset;
    } catch (ErrnoException e) {
      return true;
    } finally {
      file.descriptors().leave();
    }
  }

  /** Caller holds the lock. */
  private void askSeal() {
    if (open != null && filling) {
      open.askSeal();
    } else if (open != null) {
      sealOpen();
    }
  }

  private void settle(long target) {
    long most = runtime.nodes().longestDeadlineNanos(node) + GRACE_NANOS;
    lock.lock();
    try {
      Limit limit = new Patience().limit(() -> most, this::whyPending);
      while (isPending(target)) {
        long left = limit.leftNanos();
        if (left <= 0) {
          break;
        }
        await(left);
      }
    } finally {
      lock.unlock();
    }
    drainSoon();
  }

  /**
   * What keeps the first of what is pending. What is sealed or being written is given up by itself
   * at its deadline, and what waits for it goes on for as long as that does. Caller holds the lock.
   */
  private Patience.Cause whyPending() {
    Chunk first = sealed.peekFirst();
    if (!writing.isEmpty()) {
      Chunks now = writing.peekFirst();
      return now.whyBehind(now.first());
    }
    return first == null ? Patience.Cause.DEVICE : first.turn().cause();
  }

  /** Whether a chunk up to this one has not ended. Caller holds the lock. */
  private boolean isPending(long sequence) {
    Chunk first = open;
    if (!writing.isEmpty()) {
      first = writing.peekFirst().first();
    } else if (!sealed.isEmpty()) {
      first = sealed.peekFirst();
    }
    return first != null && first.sequence() <= sequence;
  }

  /** By the writer whose turn it is. False if the limit came first. */
  private boolean awaitRoom(Limit limit) {
    lock.lock();
    try {
      while (isCrowded()) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return false;
        }
        await(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change, or brings one about. Caller holds the lock, which is released meanwhile,
   * and looks again. An interrupt does not end the wait.
   */
  @SuppressWarnings("WaitNotInLoop")
  private void await(long longestNanos) {
    if (drainers.isEmpty() && writing.isEmpty() && !sealed.isEmpty()) {
      drainHere();
      return;
    }
    try {
      if (changed.awaitNanos(Math.min(LOOK_NANOS, longestNanos)) > 0) {
        return;
      }
    } catch (InterruptedException e) {
      awaitInterrupted(longestNanos);
      return;
    }
    lock.unlock();
    try {
      giveUpOverdue();
    } finally {
      lock.lock();
    }
  }

  /** The interrupt is for what the thread does after this. */
  private void awaitInterrupted(long longestNanos) {
    try {
      await(longestNanos);
    } finally {
      Thread.currentThread().interrupt();
    }
  }

  // Draining.

  /** Whether there is something to take that nobody is about to. Caller holds the lock. */
  private boolean wantsDrainer() {
    return drainers.size() <= writing.size() && canTake();
  }

  /** Caller holds the lock. */
  private boolean canTake() {
    return !sealed.isEmpty() && (writing.isEmpty() || canFollow(sealed.peekFirst()));
  }

  /**
   * Whether a chunk may be written beside what is being written: it goes on where that ends, with
   * no page in common, and both are within the file. Else it has to wait for that to end: what
   * extends the file goes in order, and so does what is not one stream. Caller holds the lock.
   */
  private boolean canFollow(Chunk next) {
    Chunk last = writing.peekLast().last();
    return writing.size() < MAX_WRITING
        && isContinued(last, next)
        && next.offset() % ChunkMemory.alignBytes(next.file()) == 0
        && next.endOffset() <= node.leastSizeBytes();
  }

  private static boolean isContinued(Chunk last, Chunk next) {
    return next.offset() == last.endOffset() && next.file() == last.file();
  }

  /** Has what is sealed written by a submitter thread, if nobody is about to. Does not block. */
  private void drainSoon() {
    Drain drain;
    lock.lock();
    try {
      if (!wantsDrainer()) {
        return;
      }
      drain = new Drain();
      drainers.add(drain);
    } finally {
      lock.unlock();
    }
    if (!device.executeSoon(drain)) {
      stopDraining(drain);
    }
  }

  private void stopDraining(Object mine) {
    lock.lock();
    try {
      if (drainers.remove(mine)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Caller holds the lock, and nobody is at it: it writes one request itself, and waits for it. */
  private void drainHere() {
    Object mine = new Object();
    drainers.add(mine);
    Chunks chunks = take(mine);
    lock.unlock();
    try {
      writeHere(chunks);
    } finally {
      stopDraining(mine);
      lock.lock();
    }
  }

  private void writeHere(Chunks chunks) {
    IOException failure = unforeseen();
    try {
      SyncWrite.write(chunks);
      failure = null;
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      runtime.defect("write of a pipeline", e);
    } finally {
      ended(chunks, failure);
    }
  }

  private static IOException unforeseen() {
    return new IOException(Errno.message(Errno.EIO));
  }

  /** Caller holds the lock, and is a drainer. There is something to take. */
  private Chunks take(Object drainer) {
    List<Chunk> taken = new ArrayList<>(MAX_TAKEN);
    Chunk last;
    do {
      last = sealed.pollFirst();
      taken.add(last);
    } while (taken.size() < MAX_TAKEN
        && !sealed.isEmpty()
        && isContinued(last, sealed.peekFirst()));
    Chunks chunks = new Chunks(taken, drainer);
    writing.addLast(chunks);
    return chunks;
  }

  /** By a submitter thread, which may get stuck. */
  private final class Drain implements Runnable {
    @Override
    public void run() {
      Chunks chunks;
      while ((chunks = next()) != null) {
        drainSoon();
        write(chunks);
      }
    }

    /** Null if there is nothing, or somebody else has taken over. */
    private Chunks next() {
      lock.lock();
      try {
        if (!drainers.contains(this)) {
          return null;
        }
        if (!canTake()) {
          stopDraining(this);
          return null;
        }
        return take(this);
      } finally {
        lock.unlock();
      }
    }

    private void write(Chunks chunks) {
      try {
        BackgroundWrite background = BackgroundWrite.of(Pipeline.this, chunks);
        began(chunks, background);
        background.run();
      } catch (IOException e) {
        ended(chunks, e);
      } catch (RuntimeException | Error e) {
        runtime.defect("write of a pipeline", e);
        ended(chunks, unforeseen());
      }
    }

    private void began(Chunks chunks, BackgroundWrite background) {
      lock.lock();
      try {
        chunks.began(background);
      } finally {
        lock.unlock();
      }
    }
  }

  /** A request has ended: by its drainer, or the watchdog that reaped the last of it. */
  void ended(Chunks chunks, IOException failure) {
    end(chunks, failure, false);
  }

  /** A request was given up, and its drainer may be stuck in it: by who found it overdue. */
  void gaveUp(Chunks chunks, IOException failure) {
    end(chunks, failure, true);
  }

  private void end(Chunks chunks, IOException failure, boolean drainerIsStuck) {
    if (!beginEnd(chunks)) {
      return;
    }
    // Before anybody can see that they have ended.
    if (failure == null) {
      node.grewTo(chunks.endOffset());
    } else {
      runtime.nodes().record(node, failure);
    }
    node.changed();
    lock.lock();
    try {
      writing.remove(chunks);
      if (drainerIsStuck) {
        drainers.remove(chunks.drainer());
      }
      if (sealed.isEmpty() && writing.isEmpty()) {
        all.idle(this);
      }
      gone(chunks.count());
    } finally {
      lock.unlock();
    }
  }

  /** The one transition of what is being written to its end; false for one that comes too late. */
  private boolean beginEnd(Chunks chunks) {
    lock.lock();
    try {
      return chunks.beginEnd();
    } finally {
      lock.unlock();
    }
  }

  /** Caller holds the lock. */
  private void gone(int count) {
    pendingChunks.addAndGet(-count);
    all.ended(count);
    changed.signalAll();
  }

  /** By the watchdog, while there is something to write. Does not block. */
  void lookAfter() {
    giveUpOverdue();
    drainSoon();
  }

  /** Adds what is sealed, and waits for what was written before it. */
  @Override
  public void addInFlight(Collection<InFlightRequest> requests) {
    lock.lock();
    try {
      for (Chunk chunk : sealed) {
        requests.add(chunk.inFlight());
      }
    } finally {
      lock.unlock();
    }
  }

  /** What has not ended by its deadline is given up, or told, as its file's policy says. */
  private void giveUpOverdue() {
    lookAtSealed();
    for (BackgroundWrite overdue : overdueRequests()) {
      overdue.overdue();
    }
    for (Chunks chunks; (chunks = pollOverdue()) != null; ) {
      giveUp(chunks);
    }
  }

  /** Their deadlines go on while they wait for what is before them. */
  private void lookAtSealed() {
    lock.lock();
    try {
      for (Chunk chunk : sealed) {
        boolean unused = chunk.isOverdue(whySealed(chunk));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Caller holds the lock. */
  private Patience.Why whySealed(Chunk chunk) {
    Chunks now = writing.peekFirst();
    return now == null ? chunk.turn() : () -> now.whyBehind(chunk);
  }

  /** None of those whose drainer waits for them, and gives them up, itself. */
  private List<BackgroundWrite> overdueRequests() {
    List<BackgroundWrite> overdue = new ArrayList<>(MAX_WRITING);
    lock.lock();
    try {
      for (Chunks chunks : writing) {
        if (chunks.request() != null && chunks.isOverdue()) {
          overdue.add(chunks.request());
        }
      }
    } finally {
      lock.unlock();
    }
    return overdue;
  }

  /** A sealed chunk that is to be given up: it is off the queue, and counts as being written. */
  private Chunks pollOverdue() {
    lock.lock();
    try {
      Chunk chunk = sealed.peekFirst();
      boolean overdue =
          writing.isEmpty()
              && chunk != null
              && chunk.isOverdue(whySealed(chunk))
              && chunk.file().policy().onLost() == OnLost.FAIL;
      if (!overdue) {
        return null;
      }
      Chunks chunks = new Chunks(List.of(sealed.pollFirst()), null);
      writing.addLast(chunks);
      return chunks;
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Chunks chunks) {
    Chunk chunk = chunks.first();
    String why = "the writes before it have not ended, or no thread was free";
    IOException failure = unforeseen();
    try {
      Deadline deadline = chunk.file().deadline();
      failure = deadline.notStarted(chunk.offset(), chunk.lengthBytes(), chunk.sealed(), why);
    } finally {
      chunk.release();
      end(chunks, failure, false);
    }
  }
}
