package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Permits;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.file.PendingWrites;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.memory.PendingFaults;
import java.io.IOException;
import java.util.Collection;

/**
 * The pending writes of one file: copied into chunks, which go to the device in the order in which
 * they were begun, one request after the other. Only a stream that overwrites existing bytes has
 * two requests in flight, so that the device is busy while one of them ends.
 *
 * <pre>
 * a chunk   what happens, by which thread                                    next
 * (none)    the writer that has the turn begins one: fewer than 8 pend, it   FILLING
 *           has memory, the file is not closing, pipelining is not stopped,
 *           and nothing keeps the file synchronous
 * FILLING   that writer has copied: room is left, and no seal is asked for   OPEN
 *           that writer has copied: full, or a seal is asked for             SEALED
 *           that writer has copied nothing, into an empty chunk              gone; memory is back
 *           settle, barrier, watchdog, stop, a writer without memory: any    FILLING, a seal is
 *           thread                                                           asked for
 * OPEN      the writer that has the turn goes on where it ends, same file    FILLING
 *           the writer that has the turn writes elsewhere                    SEALED
 *           settle or barrier, of any thread; stop; a writer without         SEALED
 *           memory; the watchdog: 1 s old, or memory is waited for
 * SEALED    a caller that waits: no drainer, and no chunk is WRITING         WRITING, by that caller
 *           a drainer of {@link ChunkQueue}: no chunk is WRITING, or this one WRITING, by that
 *           goes on where the last one ends ({@code canFollow}); it also    drainer
 *           takes those that go on where this one ends, 4 at most
 *           the watchdog, or a caller that waits: first in the queue, no     WRITING, by no thread:
 *           chunk is WRITING, its deadline is spent, the policy is FAIL      ENDED follows
 *           a caller that closes, where a full heap failed each barrier: gone, with that error;
 *           the same of an OPEN one ({@link #abandon})                       memory is back
 * WRITING   its request cannot be made: its drainer, or that caller          ENDED with that error
 *           its request ends: its drainer, that caller, or the watchdog      ENDED
 *           that reaped the last I/O
 *           its deadline is spent, a drainer has begun its request, the      ENDED with ETIMEDOUT;
 *           policy is FAIL, and {@link BackgroundWrite#overdue} comes        that drainer is
 *           before its end: the watchdog, or a caller that waits             dropped
 *           the same, and the policy is REPORT                               WRITING, reported lost
 * ENDED     a second end comes ({@link Chunks#beginEnd} is false)                  ENDED, as it was
 * </pre>
 *
 * <p>Under the policy REPORT a chunk that is SEALED waits on. A chunk that a caller writes has no
 * {@link Chunks#request}: that caller looks at the deadline itself. The memory and the claim of a
 * request that was given up stay with it until the kernel has ended its last I/O.
 *
 * <p>A drainer has one request at a time: it is a submitter thread, or a caller that waits for the
 * end anyway and finds no drainer at work ({@link ChunkQueue#takeIfIdle}). A drainer stuck in a
 * request that was given up is replaced, and finds that when it comes back.
 *
 * <p>Thread-safe. The turn orders the writers, and is held while one copies or waits for memory.
 * The states are guarded by the monitor of {@link ChunkQueue}, which is never held during I/O, a
 * copy, or a wait for memory. A change of state allocates before its first step; sealing and ending
 * allocate nothing.
 */
final class Pipeline implements PendingWrites, InFlightSource {
  private final FileNode node;
  private final Pipelines all;
  private final Device device;
  private final ChunkMemory memory;
  private final Permits turn = new Permits(1);
  private final ChunkQueue queue;
  private final Draining draining;
  private final Settling settling;

  Pipeline(FileNode node, Pipelines all, OpenFiles files, Device device) {
    this.node = node;
    this.device = device;
    this.all = all;
    memory = new ChunkMemory(all, files.runtime(), device);
    queue = new ChunkQueue(this, node, all, memory);
    draining = new Draining(queue, node, files, device);
    settling = new Settling(queue, draining, node, files);
  }

  @Override
  public boolean hasPending() {
    return queue.hasPending();
  }

  /** As {@link Pipelines#largestChunkBytes}. */
  int largestChunkBytes() {
    return all.largestChunkBytes();
  }

  // Writing.

  /**
   * Takes bytes, waiting for memory and for the bytes before them.
   *
   * @return bytes taken; the caller writes the others itself
   * @throws IOException if the deadline passed, or the file is closed
   * @throws InternalError if the source could not be read, and nothing of it was taken
   */
  @Override
  public long write(FileContext file, WriteSource source, long position, long startNanoTime)
      throws IOException {
    Origin origin = Origin.here(startNanoTime);
    long length = source.lengthBytes();
    settling.wrote(file);
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
    synchronized (queue) {
      if (!mayTake(file)) {
        return null;
      }
      Chunk open = queue.open();
      if (open != null && open.file() == file && open.endOffset() == offset) {
        queue.fillOpen();
        return open;
      }
      if (open != null) {
        queue.sealOpen();
      }
      crowded = queue.isCrowded();
    }
    draining.drainSoon();
    if (crowded) {
      Object unused =
          file.deadline()
              .waitFor(
                  offset,
                  lengthBytes,
                  origin,
                  limit -> settling.awaitRoom(limit) ? this : null,
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
    synchronized (queue) {
      if (!mayTake(file)) {
        return null;
      }
      Chunk chunk = new Chunk(this, file, taken, offset, align, queue.nextSequence(), origin);
      all.busy(this);
      queue.opened(chunk);
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

  private void endFilling(Chunk chunk, int filledBytes) {
    boolean empty;
    boolean goes;
    synchronized (queue) {
      queue.filled(chunk, filledBytes);
      empty = chunk.lengthBytes() == 0;
      goes = !empty && (chunk.roomBytes() == 0 || chunk.isSealAsked());
      if (empty) {
        queue.dropOpen();
      } else if (goes) {
        queue.sealOpen();
      }
    }
    node.changed();
    if (empty) {
      chunk.release();
    }
    if (goes) {
      draining.drainSoon();
    }
  }

  /** Makes a chunk go, which may be open no longer. Any thread; does not block. */
  void seal(Chunk chunk) {
    if (queue.seal(chunk)) {
      draining.drainSoon();
    }
  }

  // Waiting.

  @Override
  public void settle() {
    settling.settle();
  }

  @Override
  public void settle(long offset, long lengthBytes) {
    settling.settle(offset, lengthBytes);
  }

  @Override
  public void barrier() {
    settling.barrier();
  }

  @Override
  public void abandon(FileContext file) {
    settling.abandon(file);
  }

  /** As {@link Draining#lookAfter}. */
  void lookAfter() {
    draining.lookAfter();
  }

  /** Adds the sealed chunks. */
  @Override
  public void addInFlight(Collection<InFlightRequest> requests) {
    queue.addInFlight(requests);
  }
}
