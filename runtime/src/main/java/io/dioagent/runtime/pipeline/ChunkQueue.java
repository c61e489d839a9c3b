package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The chunks of one file that have not ended, by state, and their drainers; see the table of {@link
 * Pipeline}.
 *
 * <p>All fields are guarded by the monitor, but the number of chunks, which may be read without it.
 * Only the lock of {@link Pipelines} is taken under the monitor. Threads that wait for a change
 * wait on the monitor.
 */
final class ChunkQueue {
  /** Most chunks of one file that are pending, beside the open one; past it, the writer waits. */
  private static final int MAX_SEALED = 8;

  /** Most chunks of one request; past it, they are left for the next one, or for the writer. */
  private static final int MAX_TAKEN = MAX_SEALED / 2;

  /** Most requests in flight at once; past it, sealed chunks wait. */
  private static final int MAX_WRITING = 2;

  private final Pipeline pipeline;
  private final FileNode node;
  private final Pipelines all;
  private final ChunkMemory memory;

  /** Number of ended chunks, lost drainers and sealed chunks; waiting threads are notified. */
  private long changes;

  private Chunk open;

  /** Whether the writer is copying into the open chunk. */
  private boolean filling;

  private final ArrayDeque<Chunk> sealed = new ArrayDeque<>(2 * MAX_SEALED);

  /** Chunks taken by drainers, in that order. */
  private final ArrayDeque<Chunks> writing = new ArrayDeque<>(MAX_WRITING);

  /** The drainers at work or asked to come. */
  private final List<Object> drainers = new ArrayList<>(MAX_WRITING);

  private long lastSequence;

  /** Chunks that have not ended: changed under the monitor, read without it. */
  private final AtomicInteger pendingChunks = new AtomicInteger();

  ChunkQueue(Pipeline pipeline, FileNode node, Pipelines all, ChunkMemory memory) {
    this.pipeline = pipeline;
    this.node = node;
    this.all = all;
    this.memory = memory;
  }

  /** Any thread. */
  boolean hasPending() {
    return pendingChunks.get() != 0;
  }

  /** Null if there is none. Caller holds the monitor. */
  Chunk open() {
    return open;
  }

  /** The writer is about to fill the open chunk. Caller holds the monitor. */
  void fillOpen() {
    filling = true;
  }

  /** The sequence of the next chunk. Caller holds the monitor. */
  long nextSequence() {
    return lastSequence + 1;
  }

  /** With none open. Caller holds the monitor. */
  boolean isCrowded() {
    return pendingChunks.get() >= MAX_SEALED;
  }

  /** Adds a new open chunk, which is being filled. Caller holds the monitor. */
  void opened(Chunk chunk) {
    lastSequence++;
    open = chunk;
    filling = true;
    pendingChunks.incrementAndGet();
    all.opened(chunk);
  }

  /** The writer has filled some of the open chunk. Caller holds the monitor. */
  void filled(Chunk chunk, int filledBytes) {
    filling = false;
    chunk.filled(filledBytes);
  }

  /** Removes the open chunk, which is empty. Caller holds the monitor. */
  void dropOpen() {
    Chunk chunk = open;
    open = null;
    all.notOpen(chunk);
    idleIfEmpty();
    gone(1);
  }

  /** Caller holds the monitor. */
  void sealOpen() {
    Chunk chunk = open;
    open = null;
    all.notOpen(chunk);
    chunk.seal();
    sealed.addLast(chunk); // It has room for all that there may be.
    memory.sealed(chunk);
    changed();
  }

  /** Seals a chunk if it is open, or asks its writer to; returns whether it was sealed here. */
  synchronized boolean seal(Chunk chunk) {
    if (open != chunk) {
      return false;
    }
    if (filling) {
      chunk.askSeal();
      return false;
    }
    sealOpen();
    return true;
  }

  /** Seals the open chunk, or asks its writer to; returns the last chunk's sequence. */
  synchronized long sealAll() {
    long target = lastSequence;
    askSeal();
    return target;
  }

  /** Caller holds the monitor. */
  private void askSeal() {
    if (open != null && filling) {
      open.askSeal();
    } else if (open != null) {
      sealOpen();
    }
  }

  /** Removes and returns a chunk of a file that no thread has begun; null if there is none. */
  synchronized Chunk pollUnbegun(FileContext file) {
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

  /** There are two at most ({@link #MAX_WRITING}). Caller holds the monitor. */
  boolean isWriting(FileContext file) {
    return !writing.isEmpty()
        && (writing.peekFirst().file() == file || writing.peekLast().file() == file);
  }

  /** The chunks that have not ended. Caller holds the monitor. */
  List<Chunk> pending() {
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
   * Returns the cause of the first pending chunk's wait. Sealed and written chunks are given up at
   * their own deadline, and a wait for them lasts as long. Caller holds the monitor.
   */
  Patience.Cause whyPending() {
    Chunk first = sealed.peekFirst();
    if (!writing.isEmpty()) {
      Chunks now = writing.peekFirst();
      return now.whyBehind(now.first());
    }
    return first == null ? Patience.Cause.DEVICE : first.turn().cause();
  }

  /** Whether a chunk up to this one has not ended. Caller holds the monitor. */
  boolean isPending(long sequence) {
    Chunk first = open;
    if (!writing.isEmpty()) {
      first = writing.peekFirst().first();
    } else if (!sealed.isEmpty()) {
      first = sealed.peekFirst();
    }
    return first != null && first.sequence() <= sequence;
  }

  /** Caller holds the monitor. */
  void changed() {
    changes++;
    notifyAll();
  }

  /** Number of changes so far. Caller holds the monitor. */
  long changes() {
    return changes;
  }

  /** Whether a chunk can be taken and no drainer is about to take it. Caller holds the monitor. */
  boolean wantsDrainer() {
    return drainers.size() <= writing.size() && canTake();
  }

  /** Caller holds the monitor. */
  void addDrainer(Object drainer) {
    drainers.add(drainer);
  }

  synchronized void stopDraining(Object mine) {
    if (drainers.remove(mine)) {
      changed();
    }
  }

  /** Takes the chunks that the caller is to write itself, as there is no drainer; null for none. */
  synchronized Chunks takeIfIdle() {
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

  /** By a drainer: null if there is nothing, or another drainer has taken over. */
  synchronized Chunks takeNext(Object drainer) {
    if (!drainers.contains(drainer)) {
      return null;
    }
    if (!canTake()) {
      stopDraining(drainer);
      return null;
    }
    return take(drainer);
  }

  /** Takes sealed chunks; none if it throws. Caller holds the monitor, and is a drainer. */
  private Chunks take(Object drainer) {
    List<Chunk> taken = new ArrayList<>(MAX_TAKEN);
    Chunk last = null;
    for (Chunk next : sealed) {
      if (taken.size() == MAX_TAKEN || (last != null && !last.isContinuedBy(next))) {
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

  /** Caller holds the monitor. */
  private boolean canTake() {
    return !sealed.isEmpty() && (writing.isEmpty() || canFollow(sealed.peekFirst()));
  }

  /**
   * Whether a chunk may be written beside the one being written: it begins where that ends, with no
   * page in common, and both are within the file. Otherwise it has to wait for that to end: chunks
   * that extend the file go in order, and so do chunks that are not one stream. Caller holds the
   * monitor.
   */
  private boolean canFollow(Chunk next) {
    Chunk last = writing.peekLast().last();
    return writing.size() < MAX_WRITING
        && last.isContinuedBy(next)
        && next.offset() % ChunkMemory.alignBytes(next.file()) == 0
        && next.endOffset() <= node.leastSizeBytes();
  }

  /** Removes written chunks, which have ended. */
  synchronized void ended(Chunks chunks, boolean drainerIsStuck) {
    writing.remove(chunks);
    if (drainerIsStuck) {
      drainers.remove(chunks.drainer());
    }
    idleIfEmpty();
    gone(chunks.count());
  }

  /** An abandoned chunk has ended. */
  synchronized void endedUnbegun() {
    idleIfEmpty();
    gone(1);
  }

  /** Caller holds the monitor. */
  private void idleIfEmpty() {
    if (open == null && sealed.isEmpty() && writing.isEmpty()) {
      all.idle(pipeline);
    }
  }

  /** Caller holds the monitor. */
  private void gone(int count) {
    all.ended(count); // First: a caller that finds none pending here finds none at all.
    pendingChunks.addAndGet(-count);
    changed();
  }

  /** Their deadlines go on while they wait for the chunks before them. */
  synchronized void lookAtSealed() {
    for (Chunk chunk : sealed) {
      boolean unused = chunk.isOverdue(whySealed(chunk));
    }
  }

  /** Caller holds the monitor. */
  private Patience.Why whySealed(Chunk chunk) {
    Chunks now = writing.peekFirst();
    return now == null ? chunk.turn() : () -> now.whyBehind(chunk);
  }

  /** Leaves out requests whose drainer waits for them, and gives them up, itself. */
  List<BackgroundWrite> overdueRequests() {
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

  /** Takes an overdue sealed chunk, to be given up; from now on it counts as being written. */
  synchronized Chunks pollOverdue() {
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

  /** Adds the sealed chunks. */
  synchronized void addInFlight(Collection<InFlightRequest> requests) {
    for (Chunk chunk : sealed) {
      requests.add(chunk.inFlight());
    }
  }
}
