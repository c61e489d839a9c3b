package io.dioagent.runtime;

import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was written to one file and is on its way: copied into chunks, which go to the device in the
 * order in which they were begun, one request after the other.
 *
 * <pre>
 * a chunk    what happens                                               next
 * OPEN       the writer whose turn it is fills it                       OPEN
 *            full; the next write is elsewhere; settle; old; memory     SEALED
 *            is needed
 * SEALED     the drainer takes it, and those that go on where it ends   WRITING
 *            its deadline passes                                        ENDED with an error
 * WRITING    its request ends, or is given up when overdue              ENDED
 * </pre>
 *
 * <p>The drainer is one thread at a time: a submitter thread, or a caller that waits for the end
 * anyway and finds nobody at it ({@link #drainHere}). A drainer that got stuck in a request that
 * was given up is replaced, and finds that when it comes back.
 *
 * <p>Thread-safe. The turn orders the writers, and is held while one copies or waits for memory.
 * The lock guards all fields; it is never held during I/O, a copy, or a wait for memory, and only
 * the lock of {@link Pipelines} is taken under it.
 */
final class Pipeline {
  /** Chunks of one file that may be on their way, beside the open one: then its writer waits. */
  private static final int MAX_SEALED = 8;

  /** Of the buffer memory, a chunk is this part at most, so that there are many. */
  private static final int LEAST_CHUNKS = 16;

  /** How often one who waits looks for what is overdue. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** After the deadline all has ended, but for a writer that is stuck in reading its source. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileNode node;
  private final DirectRuntime runtime;
  private final Pipelines all;
  private final Device device;
  private final Semaphore turn = new Semaphore(1);
  private final ReentrantLock lock = new ReentrantLock();

  /** Something ended, or nobody drains any more, or a chunk was filled that somebody waits for. */
  private final Condition changed = lock.newCondition();

  private Chunk open;

  /** The writer whose turn it is is copying into the open chunk. */
  private boolean filling;

  private final ArrayDeque<Chunk> sealed = new ArrayDeque<>();

  /** What the drainer has taken; null between two requests. */
  private Chunks writing;

  /** The request of it; null if its drainer waits for it, and gives it up, itself. */
  private BackgroundWrite request;

  /** Who drains, or has been asked to; null for nobody. */
  private Object drainer;

  private long lastSequence;

  /** Where the chunk before the next one ends, and how large that should be to go on with it. */
  private long lastEndOffset = -1;

  private long nextCapacityBytes;

  /** Chunks that have not ended: changed under the lock, looked at without. */
  private final AtomicInteger pendingChunks = new AtomicInteger();

  Pipeline(FileNode node, DirectRuntime runtime, Device device) {
    this.node = node;
    this.runtime = runtime;
    this.device = device;
    all = runtime.pipelines();
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
                  until -> Waits.acquire(turn, until) ? turn : null,
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
                  until -> awaitRoom(until) ? this : null,
                  () -> "the writes before it have not ended");
    }
    NativeBuffer[] memory = memory(file, offset, lengthBytes, origin);
    Chunk chunk = null;
    lock.lock();
    try {
      if (mayTake(file)) {
        int align = alignBytes(file);
        chunk = new Chunk(this, file, memory, offset, align, ++lastSequence, origin);
        open = chunk;
        filling = true;
        pendingChunks.incrementAndGet();
        all.opened(chunk);
      }
    } finally {
      lock.unlock();
      if (chunk == null) {
        device.release(memory);
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

  /** Caller holds the lock. */
  private boolean isCrowded() {
    return sealed.size() + (writing == null ? 0 : writing.count()) >= MAX_SEALED;
  }

  private static int alignBytes(DirectFile file) {
    return (int) Math.max(Linux.PAGE_BYTES, file.alignBytes());
  }

  private static long powerOfTwoFrom(long bytes) {
    return bytes <= 1 ? 1 : Long.highestOneBit(bytes - 1) << 1;
  }

  /** The largest chunk: as large as one request may be, and a small part of the memory. */
  static int largestBytes(RuntimeOptions options, long segmentBytes) {
    long bound = Math.min(segmentBytes, options.bufferMemoryBytes() / LEAST_CHUNKS);
    return (int) Long.highestOneBit(Math.min(options.maxIoBytes(), Math.max(4096, bound)));
  }

  /** Memory for a chunk: the longer a stream, the larger; where it is scarce, as little as does. */
  private NativeBuffer[] memory(DirectFile file, long offset, long lengthBytes, Origin origin)
      throws IOException {
    int align = alignBytes(file);
    int largest = Math.max(align, runtime.largestChunkBytes());
    long needed = powerOfTwoFrom((offset & align - 1) + Math.min(lengthBytes, largest));
    int least = (int) Math.min(largest, Math.max(align, needed));
    int wanted = least;
    lock.lock();
    try {
      if (offset == lastEndOffset) {
        wanted = (int) Math.min(largest, Math.max(least, nextCapacityBytes));
      }
    } finally {
      lock.unlock();
    }
    NativeBuffer[] memory = device.acquireMemory(1, wanted, System.nanoTime());
    if (memory != null) {
      return memory;
    }
    all.relieve(least);
    return file.deadline()
        .waitFor(
            offset,
            lengthBytes,
            origin,
            until -> device.acquireMemory(1, least, until),
            () -> "no buffer memory was free; " + runtime.buffers().describe());
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
    if (sealed.isEmpty() && writing == null) {
      all.busy(this);
    }
    sealed.addLast(chunk);
    lastEndOffset = chunk.endOffset();
    nextCapacityBytes = 2 * powerOfTwoFrom(chunk.usedBytes());
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
    if (writing != null) {
      all.addAll(writing.all());
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
    long giveUp = System.nanoTime() + runtime.nodes().longestDeadlineNanos(node) + GRACE_NANOS;
    lock.lock();
    try {
      while (isPending(target) && System.nanoTime() - giveUp < 0) {
        await(giveUp);
      }
    } finally {
      lock.unlock();
    }
    drainSoon();
  }

  /** Whether a chunk up to this one has not ended. Caller holds the lock. */
  private boolean isPending(long sequence) {
    Chunk first = open;
    if (writing != null) {
      first = writing.first();
    } else if (!sealed.isEmpty()) {
      first = sealed.peekFirst();
    }
    return first != null && first.sequence() <= sequence;
  }

  /** By the writer whose turn it is. False if the time came first. */
  private boolean awaitRoom(long untilNanoTime) {
    lock.lock();
    try {
      while (isCrowded()) {
        if (System.nanoTime() - untilNanoTime >= 0) {
          return false;
        }
        await(untilNanoTime);
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
  private void await(long untilNanoTime) {
    if (drainer == null && writing == null && !sealed.isEmpty()) {
      drainHere();
      return;
    }
    try {
      long left = Math.min(LOOK_NANOS, untilNanoTime - System.nanoTime());
      if (changed.awaitNanos(left) > 0) {
        return;
      }
    } catch (InterruptedException e) {
      awaitInterrupted(untilNanoTime);
      return;
    }
    lock.unlock();
    try {
      giveUpOverdue(System.nanoTime());
    } finally {
      lock.lock();
    }
  }

  /** The interrupt is for what the thread does after this. */
  private void awaitInterrupted(long untilNanoTime) {
    try {
      await(untilNanoTime);
    } finally {
      Thread.currentThread().interrupt();
    }
  }

  // Draining.

  /** Has what is sealed written by a submitter thread, if nobody is at it. Does not block. */
  private void drainSoon() {
    Drain drain;
    lock.lock();
    try {
      if (drainer != null || writing != null || sealed.isEmpty()) {
        return;
      }
      drain = new Drain();
      drainer = drain;
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
      if (drainer == mine) {
        drainer = null;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Caller holds the lock, and nobody drains: it writes one request itself, waiting for it. */
  private void drainHere() {
    Object mine = new Object();
    drainer = mine;
    Chunks chunks = take();
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

  /** Caller holds the lock, and is the drainer. */
  private Chunks take() {
    List<Chunk> taken = new ArrayList<>();
    Chunk last = null;
    for (Chunk next; (next = sealed.peekFirst()) != null; last = next) {
      if (last != null && (next.offset() != last.endOffset() || next.file() != last.file())) {
        break;
      }
      taken.add(sealed.pollFirst());
    }
    writing = new Chunks(taken);
    return writing;
  }

  /** By a submitter thread, which may get stuck. */
  private final class Drain implements Runnable {
    @Override
    public void run() {
      Chunks chunks;
      while ((chunks = next()) != null) {
        write(chunks);
      }
    }

    /** Null if there is nothing, or somebody else has taken over. */
    private Chunks next() {
      lock.lock();
      try {
        if (drainer != this) {
          return null;
        }
        if (writing != null || sealed.isEmpty()) {
          drainer = null;
          changed.signalAll();
          return null;
        }
        return take();
      } finally {
        lock.unlock();
      }
    }

    private void write(Chunks chunks) {
      try {
        BackgroundWrite background = BackgroundWrite.of(Pipeline.this, chunks);
        began(background);
        background.run();
      } catch (IOException e) {
        ended(chunks, e);
      } catch (RuntimeException | Error e) {
        runtime.defect("write of a pipeline", e);
        ended(chunks, unforeseen());
      }
    }

    private void began(BackgroundWrite background) {
      lock.lock();
      try {
        request = background;
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
      writing = null;
      request = null;
      if (drainerIsStuck) {
        drainer = null;
      }
      if (sealed.isEmpty()) {
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
      return writing == chunks && chunks.beginEnd();
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
  void lookAfter(long nowNanoTime) {
    giveUpOverdue(nowNanoTime);
    drainSoon();
  }

  /** What has not ended by its deadline is given up, or told, as its file's policy says. */
  private void giveUpOverdue(long nowNanoTime) {
    BackgroundWrite overdue = null;
    lock.lock();
    try {
      if (writing != null && writing.isOverdue(nowNanoTime)) {
        overdue = request;
      }
    } finally {
      lock.unlock();
    }
    if (overdue != null) {
      overdue.overdue();
    }
    for (Chunks chunks; (chunks = pollOverdue(nowNanoTime)) != null; ) {
      giveUp(chunks);
    }
  }

  /** A sealed chunk that is to be given up: it is off the queue, and counts as being written. */
  private Chunks pollOverdue(long nowNanoTime) {
    lock.lock();
    try {
      Chunk chunk = sealed.peekFirst();
      boolean overdue =
          writing == null
              && chunk != null
              && chunk.isOverdue(nowNanoTime)
              && chunk.file().policy().onLost() == OnLost.FAIL;
      if (!overdue) {
        return null;
      }
      writing = new Chunks(List.of(sealed.pollFirst()));
      return writing;
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
