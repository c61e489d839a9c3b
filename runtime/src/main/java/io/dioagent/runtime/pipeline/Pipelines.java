package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.PendingWrites;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pending chunks of all files: whether there are any, and which open ones have to be sealed
 * though their writer would let them wait. Thread-safe. Its lock guards the list of open chunks,
 * and nothing else is locked under it.
 */
public final class Pipelines {
  /**
   * Longest time that bytes stay in an open chunk; past it the chunk is sealed, so that other
   * processes see them soon.
   */
  private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Time for which an idle look-out stays registered, as registering costs; past it, the next write
   * registers another.
   */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final RuntimeContext runtime;
  private final int largestChunkBytes;

  /** Chunks that have not ended. */
  private final AtomicInteger pendingChunks = new AtomicInteger();

  /** Pipelines with chunks that have not ended. */
  private final Set<Pipeline> busy = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean lookingOut = new AtomicBoolean();
  private volatile boolean stopped;
  private final Object lock = new Object();
  private Chunk oldest;
  private Chunk youngest;

  public Pipelines(RuntimeContext runtime) {
    this.runtime = runtime;
    largestChunkBytes = ChunkMemory.largestBytes(runtime.options(), runtime.segmentBytes(false));
  }

  /** The pipeline of a file, made if there is none. */
  public PendingWrites of(FileContext file) {
    FileNode node = file.node();
    PendingWrites known = node.pendingWrites();
    return known != null
        ? known
        : node.pendingWritesOr(new Pipeline(node, this, file.files(), file.device()));
  }

  public int largestChunkBytes() {
    return largestChunkBytes;
  }

  /** Whether any byte is on its way: one volatile read. */
  public boolean hasPending() {
    return pendingChunks.get() != 0;
  }

  /** Whether every write is to wait for its end from now on. */
  boolean isStopped() {
    return stopped;
  }

  /** From now on every write waits for its end; pending chunks are written. */
  public void stop() {
    stopped = true;
    settleAll();
  }

  /** Waits until all that has been written so far has ended. */
  public void settleAll() {
    if (!hasPending()) {
      return;
    }
    Set<Pipeline> pipelines = new HashSet<>();
    for (Chunk chunk; (chunk = pollOldest(0)) != null; ) {
      pipelines.add(chunk.pipeline());
      chunk.pipeline().seal(chunk);
    }
    pipelines.addAll(busy);
    for (Pipeline pipeline : pipelines) {
      pipeline.settle();
    }
  }

  // Called by pipelines.

  /** A chunk was made, and is open. Caller holds its pipeline's lock, here and below. */
  void opened(Chunk chunk) {
    synchronized (lock) {
      chunk.setOlder(youngest);
      if (youngest == null) {
        oldest = chunk;
      } else {
        youngest.setYounger(chunk);
      }
      youngest = chunk;
    }
    pendingChunks.incrementAndGet();
  }

  /** A chunk is sealed, or is gone. */
  void notOpen(Chunk chunk) {
    synchronized (lock) {
      unlink(chunk);
    }
  }

  /** Chunks have ended, or an empty one is gone. */
  void ended(int count) {
    pendingChunks.addAndGet(-count);
  }

  /** A pipeline is about to have something to write. May lack the memory for that. */
  void busy(Pipeline pipeline) {
    busy.add(pipeline);
  }

  /** A pipeline has nothing to write. */
  void idle(Pipeline pipeline) {
    busy.remove(pipeline);
  }

  /** Adds the sealed chunks; those being written are requests of their own. Any thread. */
  public void addInFlight(Collection<InFlightRequest> all) {
    for (Pipeline pipeline : busy) {
      pipeline.addInFlight(all);
    }
  }

  /** Makes sure that pending chunks are watched. Caller holds no lock. */
  void lookOut() {
    if (!lookingOut.get() && lookingOut.compareAndSet(false, true)) {
      boolean begun = false;
      try {
        runtime.watchdog().add(new LookOut());
        begun = true;
      } finally {
        if (!begun) {
          lookingOut.set(false);
        }
      }
    }
  }

  /** Seals the oldest open chunks, until so many bytes of memory will come free. */
  void relieve(long bytes) {
    long relieved = 0;
    for (Chunk chunk; relieved < bytes && (chunk = pollOldest(0)) != null; ) {
      relieved += chunk.capacityBytes();
      chunk.pipeline().seal(chunk);
    }
  }

  /** The oldest open chunk, which is off the list then; null if there is none of that age. */
  private Chunk pollOldest(long ageNanos) {
    synchronized (lock) {
      Chunk chunk = oldest;
      if (chunk == null || System.nanoTime() - chunk.bornNanoTime() < ageNanos) {
        return null;
      }
      unlink(chunk);
      return chunk;
    }
  }

  /** Caller holds the lock. Does nothing if the chunk is not on the list. */
  private void unlink(Chunk chunk) {
    if (chunk != oldest && chunk.older() == null) {
      return;
    }
    if (chunk.older() == null) {
      oldest = chunk.younger();
    } else {
      chunk.older().setYounger(chunk.younger());
    }
    if (chunk.younger() == null) {
      youngest = chunk.older();
    } else {
      chunk.younger().setOlder(chunk.older());
    }
    chunk.setOlder(null);
    chunk.setYounger(null);
  }

  /** Seals chunks that were open for long or whose memory is needed; finds overdue ones. */
  private final class LookOut implements Watchdog.Ward {
    private long pendingNanoTime = System.nanoTime();

    @Override
    public boolean check() {
      long now = System.nanoTime();
      for (Chunk chunk; (chunk = pollOldest(OPEN_NANOS)) != null; ) {
        chunk.pipeline().seal(chunk);
      }
      if (runtime.buffers().isWaitedFor()) {
        relieve(runtime.pieceBytes());
      }
      for (Pipeline pipeline : busy) {
        pipeline.lookAfter();
      }
      if (hasPending()) {
        pendingNanoTime = now;
        return false;
      }
      if (now - pendingNanoTime < LINGER_NANOS) {
        return false;
      }
      lookingOut.set(false);
      // Another one is on already if this does not succeed.
      return !hasPending() || !lookingOut.compareAndSet(false, true);
    }
  }
}
