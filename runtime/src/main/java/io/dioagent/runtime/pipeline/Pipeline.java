package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.Permits;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.file.Deadline;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.FileNodes;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.file.WriteBehind;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.memory.PendingFaults;
import io.dioagent.runtime.write.SyncWrite;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

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
 * end anyway and finds no drainer at work ({@link #takeIfIdle}). One that got stuck in a request
 * that was given up is replaced, and finds that when it comes back.
 *
 * <p>Thread-safe. The turn orders the writers, and is held while one copies or waits for memory.
 * The monitor guards all fields; it is never held during I/O, a copy, or a wait for memory, and
 * only the lock of {@link Pipelines} is taken under it. What a change of state needs is allocated
 * before its first step; sealing and ending allocate nothing.
 */
final class Pipeline implements WriteBehind, InFlightSource {
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
  private final OpenFiles files;
  private final Pipelines all;
  private final Device device;
  private final ChunkMemory memory;
  private final Permits turn = new Permits(1);

  /**
   * How often something ended, or nobody drained any more, or a chunk was filled that somebody
   * waits for. Those that wait are notified.
   */
  private long changes;

  private Chunk open;

  /** The writer whose turn it is is copying into the open chunk. */
  private boolean filling;

  private final ArrayDeque<Chunk> sealed = new ArrayDeque<>(2 * MAX_SEALED);

  /** What drainers have taken, in that order. */
  private final ArrayDeque<Chunks> writing = new ArrayDeque<>(MAX_WRITING);

  /** Who drains, or has been asked to. */
  private final List<Object> drainers = new ArrayList<>(MAX_WRITING);

  private long lastSequence;

  /** Wrote last; null before the first write. */
  private volatile FileContext lastFile;

  /** Chunks that have not ended: changed under the lock, looked at without. */
  private final AtomicInteger pendingChunks = new AtomicInteger();

  Pipeline(FileNode node, Pipelines all, OpenFiles files, Device device) {
    this.node = node;
    this.files = files;
    this.device = device;
    this.all = all;
    memory = new ChunkMemory(all, files.runtime(), device);
  }

  @Override
  public boolean hasPending() {
    return pendingChunks.get() != 0;
  }

  /** As {@link Pipelines#largestChunkBytes}. */
  int largestChunkBytes() {
    return all.largestChunkBytes();
  }

  // Writing.

  /**
   * Takes bytes on their way, waiting for memory and for those before them.
   *
   * @return how many: all, or fewer from where on they cannot go this way
   * @throws IOException if the deadline passed, or the file is closed
   * @throws InternalError if the source could not be read, and nothing of it was taken
   */
  @Override
  public long write(FileContext file, WriteSource source, long position, long startNanoTime)
      throws IOException {
    Origin origin = Origin.here(startNanoTime);
    long length = source.lengthBytes();
    lastFile = file;
    takeTurn(file, position, length, origin);
    try {
      long done = 0;
      while (done < length) {
        Chunk chunk;
        try {
          chunk = beginFilling(file, position + done, length - done, origin);
        } catch (OutOfMemoryError e) {
          if (done == 0) {
            throw e;
          }
          return done;
        }
        if (chunk == null) {
          break;
        }
        int bytes = (int) Math.min(length - done, chunk.roomBytes());
        int filled = 0;
        try {
          PendingFaults.copy(source, done, chunk.room(bytes));
          filled = bytes;
        } catch (VirtualMachineError e) {
          if (done == 0) {
            throw e;
          }
          return done; // Going on meets it once more.
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

  private void takeTurn(FileContext file, long position, long length, Origin origin)
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
  private Chunk beginFilling(FileContext file, long offset, long lengthBytes, Origin origin)
      throws IOException {
    boolean crowded;
    synchronized (this) {
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
    all.lookOut();
    NativeBuffer[] taken = memory.take(file, offset, lengthBytes, origin);
    Chunk chunk = null;
    try {
      chunk = opened(file, offset, taken, origin);
      return chunk;
    } finally {
      if (chunk == null) {
        device.release(taken);
      }
    }
  }

  /** Null if writes have to wait for their end. */
  private Chunk opened(FileContext file, long offset, NativeBuffer[] taken, Origin origin)
      throws IOException {
    int align = ChunkMemory.alignBytes(file);
    synchronized (this) {
      if (!mayTake(file)) {
        return null;
      }
      Chunk chunk = new Chunk(this, file, taken, offset, align, lastSequence + 1, origin);
      all.busy(this);
      lastSequence++;
      open = chunk;
      filling = true;
      pendingChunks.incrementAndGet();
      all.opened(chunk);
      return chunk;
    }
  }

  /** Caller holds the monitor. */
  private boolean mayTake(FileContext file) throws IOException {
    if (file.isClosing()) {
      throw file.failures().closed();
    }
    return !all.isStopped() && node.mayPend();
  }

  /** With none open. Caller holds the monitor. */
  private boolean isCrowded() {
    return pendingChunks.get() >= MAX_SEALED;
  }

  private void endFilling(Chunk chunk, int filledBytes) {
    boolean empty;
    boolean goes;
    synchronized (this) {
      filling = false;
      chunk.filled(filledBytes);
      empty = chunk.lengthBytes() == 0;
      goes = !empty && (chunk.roomBytes() == 0 || chunk.isSealAsked());
      if (empty) {
        open = null;
        all.notOpen(chunk);
        idleIfEmpty();
        gone(1);
      } else if (goes) {
        sealOpen();
      }
    }
    node.changed();
    if (empty) {
      chunk.release();
    }
    if (goes) {
      drainSoon();
    }
  }

  /** Caller holds the monitor. */
  private void sealOpen() {
    Chunk chunk = open;
    open = null;
    all.notOpen(chunk);
    chunk.seal();
    sealed.addLast(chunk); // It has room for all that there may be.
    memory.sealed(chunk);
    changed();
  }

  /** Makes a chunk go, which may be open no longer. Any thread; does not block. */
  void seal(Chunk chunk) {
    synchronized (this) {
      if (open != chunk) {
        return;
      }
      if (filling) {
        chunk.askSeal();
        return;
      }
      sealOpen();
    }
    drainSoon();
  }

  // Waiting.

  /**
   * Waits until all that was written so far is in the file, or its error is recorded; until its
   * deadline at most, unless the policy is to wait on. Writes it itself if nobody is at it.
   */
  @Override
  public void settle() {
    if (hasPending()) {
      barrier();
    }
  }

  /**
   * As {@link #settle()}, and of writes that are just beginning, too: for who has changed what they
   * look at before.
   */
  @Override
  public void barrier() {
    long target;
    synchronized (this) {
      target = lastSequence;
      askSeal();
    }
    settle(target);
  }

  @Override
  public void abandon(FileContext file) {
    for (Chunk chunk; (chunk = pollUnbegun(file)) != null; ) {
      // Recorded before any thread can see that it has ended.
      files.nodes().record(node, PreparedFailures.outOfMemory());
      node.changed();
      chunk.release();
      synchronized (this) {
        idleIfEmpty();
        gone(1);
      }
    }
    awaitBegun(file);
  }

  /** A chunk of a file that no thread has begun, off its place; null if there is none. */
  private synchronized Chunk pollUnbegun(FileContext file) {
    if (open != null && open.file() == file && !filling) {
      Chunk chunk = open;
      open = null;
      all.notOpen(chunk);
      return chunk;
    }
    for (int left = sealed.size(); left > 0; left--) {
      Chunk chunk = sealed.pollFirst();
      if (chunk.file() == file) {
        rotate(left - 1);
        return chunk;
      }
      sealed.addLast(chunk); // It was there, so there is room.
    }
    return null;
  }

  /** Brings the first chunks behind the last ones. Caller holds the monitor. */
  private void rotate(int count) {
    for (int left = count; left > 0; left--) {
      sealed.addLast(sealed.pollFirst());
    }
  }

  private synchronized void awaitBegun(FileContext file) {
    long until = System.nanoTime() + file.policy().deadline().toNanos() + GRACE_NANOS;
    boolean interrupted = false;
    for (long left; isWriting(file) && (left = until - System.nanoTime()) > 0; ) {
      interrupted |= Waits.onMonitor(this, left);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** There are two at most ({@link #MAX_WRITING}). Caller holds the monitor. */
  private boolean isWriting(FileContext file) {
    return !writing.isEmpty()
        && (writing.peekFirst().file() == file || writing.peekLast().file() == file);
  }

  /**
   * Waits as {@link #settle()} does if a read of a range could see that something is on its way:
   * its bytes, or that there are some behind it.
   */
  @Override
  public void settle(long offset, long lengthBytes) {
    if (!hasPending()) {
      return;
    }
    long end = lengthBytes > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + lengthBytes;
    boolean overlaps = false;
    long pendingEnd = 0;
    FileContext file = null;
    synchronized (this) {
      for (Chunk chunk : pending()) {
        overlaps |= chunk.offset() < end && offset < chunk.endOffset();
        pendingEnd = Math.max(pendingEnd, chunk.endOffset());
        file = chunk.file();
      }
    }
    if (overlaps || (file != null && endsBefore(file, Math.min(end, pendingEnd)))) {
      settle();
    }
  }

  /** Those that have not ended. Caller holds the monitor. */
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
  private static boolean endsBefore(FileContext file, long offset) {
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

  /** Caller holds the monitor. */
  private void askSeal() {
    if (open != null && filling) {
      open.askSeal();
    } else if (open != null) {
      sealOpen();
    }
  }

  private void settle(long target) {
    long most = longestDeadlineNanos() + GRACE_NANOS;
    Limit limit = new Patience().limit(() -> most, this::whyPending);
    boolean unused = awaitUntil(() -> !isPending(target), limit);
    drainSoon();
  }

  /** Of the files that are open, and of the one that wrote last, which may be closed. */
  private long longestDeadlineNanos() {
    FileContext last = lastFile;
    long open = files.nodes().longestDeadlineNanos(node);
    return last == null ? open : Math.max(open, FileNodes.longestNanos(last.policy()));
  }

  /**
   * What keeps the first of what is pending. What is sealed or being written is given up by itself
   * at its deadline, and what waits for it goes on for as long as that does. Caller holds the
   * monitor.
   */
  private Patience.Cause whyPending() {
    Chunk first = sealed.peekFirst();
    if (!writing.isEmpty()) {
      Chunks now = writing.peekFirst();
      return now.whyBehind(now.first());
    }
    return first == null ? Patience.Cause.DEVICE : first.turn().cause();
  }

  /** Whether a chunk up to this one has not ended. Caller holds the monitor. */
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
    return awaitUntil(() -> !isCrowded(), limit);
  }

  /**
   * Waits for a condition, which is asked under the monitor; an interrupt does not end the wait.
   *
   * @return false if the limit came first
   */
  private boolean awaitUntil(BooleanSupplier condition, Limit limit) {
    boolean interrupted = false;
    try {
      while (true) {
        long left;
        long seen;
        synchronized (this) {
          if (condition.getAsBoolean()) {
            return true;
          }
          left = limit.leftNanos();
          seen = changes;
        }
        if (left <= 0) {
          return false;
        }
        interrupted |= awaitChange(seen, left);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits for a change, or brings one about. An interrupt does not end the wait.
   *
   * @param seen {@link #changes} when the caller last looked
   * @return whether the thread was interrupted
   */
  private boolean awaitChange(long seen, long longestNanos) {
    Chunks mine = takeIfIdle();
    if (mine != null) {
      try {
        writeHere(mine);
      } finally {
        stopDraining(mine.drainer());
      }
      return false;
    }
    boolean interrupted = false;
    boolean changed;
    synchronized (this) {
      if (changes == seen) {
        interrupted = Waits.onMonitor(this, Math.min(LOOK_NANOS, longestNanos));
      }
      changed = changes != seen;
    }
    if (!changed && !interrupted) {
      giveUpOverdue();
    }
    return interrupted;
  }

  /** Caller holds the monitor. */
  private void changed() {
    changes++;
    notifyAll();
  }

  // Draining.

  /** Whether a chunk can be taken and no drainer is about to take it. Caller holds the monitor. */
  private boolean wantsDrainer() {
    return drainers.size() <= writing.size() && canTake();
  }

  /** Caller holds the monitor. */
  private boolean canTake() {
    return !sealed.isEmpty() && (writing.isEmpty() || canFollow(sealed.peekFirst()));
  }

  /**
   * Whether a chunk may be written beside what is being written: it goes on where that ends, with
   * no page in common, and both are within the file. Else it has to wait for that to end: what
   * extends the file goes in order, and so does what is not one stream. Caller holds the monitor.
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
    try {
      synchronized (this) {
        if (!wantsDrainer()) {
          return;
        }
        drain = new Drain();
        drainers.add(drain);
      }
    } catch (OutOfMemoryError e) {
      return; // The watchdog asks again, while there is something to write.
    }
    boolean given = false;
    try {
      given = device.executeSoon(drain);
    } finally {
      if (!given) {
        stopDraining(drain);
      }
    }
  }

  private synchronized void stopDraining(Object mine) {
    if (drainers.remove(mine)) {
      changed();
    }
  }

  /** What the caller is to write itself, and wait for, as nobody is at it; null for nothing. */
  private Chunks takeIfIdle() {
    synchronized (this) {
      if (!drainers.isEmpty() || !writing.isEmpty() || sealed.isEmpty()) {
        return null;
      }
      Object mine = new Object();
      drainers.add(mine);
      Chunks taken = null;
      try {
        taken = take(mine);
        return taken;
      } finally {
        if (taken == null) {
          drainers.remove(mine);
        }
      }
    }
  }

  private void writeHere(Chunks chunks) {
    IOException failure = PreparedFailures.outOfMemory();
    try {
      SyncWrite.writeInPlace(chunks::begin);
      failure = null;
    } catch (IOException | RuntimeException | Error e) {
      failure = failureOf(chunks, e);
    } finally {
      chunks.releaseUnlessBegun();
      ended(chunks, failure);
    }
  }

  /** Why chunks could not be written. All but an IOException is a defect, and is logged. */
  private IOException failureOf(Chunks chunks, Throwable thrown) {
    if (!(thrown instanceof IOException)) {
      Defects.log(Defects.At.PIPELINE, null, thrown);
    }
    return chunks.file().failures().asException(Failures.WRITE, thrown);
  }

  /**
   * Caller holds the monitor, and is a drainer. There is something to take. Takes all or nothing.
   */
  private Chunks take(Object drainer) {
    List<Chunk> taken = new ArrayList<>(MAX_TAKEN);
    Chunk last = null;
    for (Chunk next : sealed) {
      if (taken.size() == MAX_TAKEN || (last != null && !isContinued(last, next))) {
        break;
      }
      taken.add(next);
      last = next;
    }
    Chunks chunks = new Chunks(taken, drainer);
    writing.addLast(chunks);
    for (int i = chunks.count(); i > 0; i--) {
      sealed.removeFirst();
    }
    return chunks;
  }

  /** By a submitter thread, which may get stuck. */
  private final class Drain implements Runnable {
    @Override
    public void run() {
      try {
        Chunks chunks;
        while ((chunks = next()) != null) {
          drainSoon();
          write(chunks);
        }
      } finally {
        stopDraining(this); // Without memory to go on, too: then the watchdog starts another one.
      }
    }

    /** Null if there is nothing, or somebody else has taken over. */
    private Chunks next() {
      synchronized (Pipeline.this) {
        if (!drainers.contains(this)) {
          return null;
        }
        if (!canTake()) {
          stopDraining(this);
          return null;
        }
        return take(this);
      }
    }

    private void write(Chunks chunks) {
      BackgroundWrite background = begin(chunks);
      if (background != null) {
        synchronized (Pipeline.this) {
          chunks.began(background);
        }
        background.run(); // Ends it in any case.
      }
    }

    /** Null if it could not be begun, and has ended. */
    private BackgroundWrite begin(Chunks chunks) {
      BackgroundWrite begun = null;
      IOException failure = PreparedFailures.outOfMemory();
      try {
        begun = BackgroundWrite.of(Pipeline.this, chunks);
      } catch (IOException | RuntimeException | Error e) {
        failure = failureOf(chunks, e);
      } finally {
        if (begun == null) {
          chunks.releaseUnlessBegun();
          ended(chunks, failure);
        }
      }
      return begun;
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
      files.nodes().record(node, failure);
    }
    node.changed();
    synchronized (this) {
      writing.remove(chunks);
      if (drainerIsStuck) {
        drainers.remove(chunks.drainer());
      }
      idleIfEmpty();
      gone(chunks.count());
    }
  }

  /** The one transition of what is being written to its end; false for one that comes too late. */
  private boolean beginEnd(Chunks chunks) {
    synchronized (this) {
      return chunks.beginEnd();
    }
  }

  /** Caller holds the monitor. */
  private void idleIfEmpty() {
    if (open == null && sealed.isEmpty() && writing.isEmpty()) {
      all.idle(this);
    }
  }

  /** Caller holds the monitor. */
  private void gone(int count) {
    pendingChunks.addAndGet(-count);
    all.ended(count);
    changed();
  }

  /** By the watchdog, while there is something to write. Does not block. */
  void lookAfter() {
    giveUpOverdue();
    drainSoon();
  }

  /** Adds what is sealed, and waits for what was written before it. */
  @Override
  public void addInFlight(Collection<InFlightRequest> requests) {
    synchronized (this) {
      for (Chunk chunk : sealed) {
        requests.add(chunk.inFlight());
      }
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
    synchronized (this) {
      for (Chunk chunk : sealed) {
        boolean unused = chunk.isOverdue(whySealed(chunk));
      }
    }
  }

  /** Caller holds the monitor. */
  private Patience.Why whySealed(Chunk chunk) {
    Chunks now = writing.peekFirst();
    return now == null ? chunk.turn() : () -> now.whyBehind(chunk);
  }

  /** None of those whose drainer waits for them, and gives them up, itself. */
  private List<BackgroundWrite> overdueRequests() {
    List<BackgroundWrite> overdue = new ArrayList<>(MAX_WRITING);
    synchronized (this) {
      for (Chunks chunks : writing) {
        if (chunks.request() != null && chunks.isOverdue()) {
          overdue.add(chunks.request());
        }
      }
    }
    return overdue;
  }

  /** A sealed chunk that is to be given up: it is off the queue, and counts as being written. */
  private Chunks pollOverdue() {
    synchronized (this) {
      Chunk chunk = sealed.peekFirst();
      boolean overdue =
          writing.isEmpty()
              && chunk != null
              && chunk.isOverdue(whySealed(chunk))
              && chunk.file().policy().onLost() == OnLost.FAIL;
      if (!overdue) {
        return null;
      }
      Chunks chunks = new Chunks(List.of(chunk), null);
      writing.addLast(chunks);
      sealed.removeFirst();
      return chunks;
    }
  }

  private void giveUp(Chunks chunks) {
    Chunk chunk = chunks.first();
    String why = "the writes before it have not ended, or no thread was free";
    IOException failure = PreparedFailures.outOfMemory();
    try {
      Deadline deadline = chunk.file().deadline();
      failure = deadline.notStarted(chunk.offset(), chunk.lengthBytes(), chunk.sealed(), why);
    } finally {
      chunk.release();
      end(chunks, failure, false);
    }
  }
}
