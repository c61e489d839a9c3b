package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.file.Deadline;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.write.SyncWrite;
import java.io.IOException;

/**
 * Writes the sealed chunks of one file: by drainers on submitter threads, or by a thread that waits
 * for the end; gives up chunks that are overdue.
 *
 * <p>Thread-safe: has no state of its own, and changes that of {@link ChunkQueue} under its
 * monitor.
 */
final class Draining {
  private final ChunkQueue queue;
  private final FileNode node;
  private final OpenFiles files;
  private final Device device;

  Draining(ChunkQueue queue, FileNode node, OpenFiles files, Device device) {
    this.queue = queue;
    this.node = node;
    this.files = files;
    this.device = device;
  }

  /** Has sealed chunks written by a submitter thread, if no drainer is about to. Does not block. */
  void drainSoon() {
    Drain drain;
    try {
      synchronized (queue) {
        if (!queue.wantsDrainer()) {
          return;
        }
        drain = new Drain();
        queue.addDrainer(drain);
      }
    } catch (OutOfMemoryError e) {
      return; // The watchdog asks again, while there is something to write.
    }
    boolean given = false;
    try {
      given = device.executeSoon(drain);
    } finally {
      if (!given) {
        queue.stopDraining(drain);
      }
    }
  }

  /** Writes chunks itself if there are sealed ones and no drainer; returns whether it did. */
  boolean drainIfIdle() {
    Chunks mine = queue.takeIfIdle();
    if (mine == null) {
      return false;
    }
    try {
      writeHere(mine);
    } finally {
      queue.stopDraining(mine.drainer());
    }
    return true;
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

  /**
   * Returns the reason why chunks could not be written. Anything but an IOException is a defect,
   * and is logged.
   */
  private IOException failureOf(Chunks chunks, Throwable thrown) {
    if (!(thrown instanceof IOException)) {
      Defects.log(Defects.At.PIPELINE, null, thrown);
    }
    return chunks.file().failures().asException(Failures.WRITE, thrown);
  }

  /** By a submitter thread, which may get stuck. */
  private final class Drain implements Runnable {
    @Override
    public void run() {
      try {
        Chunks chunks;
        while ((chunks = queue.takeNext(this)) != null) {
          drainSoon();
          write(chunks);
        }
      } finally {
        queue.stopDraining(
            this); // Also without memory to go on: then the watchdog starts another one.
      }
    }

    private void write(Chunks chunks) {
      BackgroundWrite background = begin(chunks);
      if (background != null) {
        synchronized (queue) {
          chunks.began(background);
        }
        background.runToTheEnd(); // Ends it in any case.
      }
    }

    /** Null if it could not be begun, and has ended. */
    private BackgroundWrite begin(Chunks chunks) {
      BackgroundWrite begun = null;
      IOException failure = PreparedFailures.outOfMemory();
      try {
        begun = BackgroundWrite.of(Draining.this, chunks);
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

  /**
   * A request was given up, and its drainer may be stuck in it: called by the thread that found it
   * overdue.
   */
  void gaveUp(Chunks chunks, IOException failure) {
    end(chunks, failure, true);
  }

  private void end(Chunks chunks, IOException failure, boolean drainerIsStuck) {
    if (!beginEnd(chunks)) {
      return;
    }
    // Before any thread can see that they have ended.
    if (failure == null) {
      node.grewTo(chunks.endOffset());
    } else {
      files.nodes().record(node, failure);
    }
    node.changed();
    queue.ended(chunks, drainerIsStuck);
  }

  /** The one transition of written chunks to their end; false if it comes too late. */
  private boolean beginEnd(Chunks chunks) {
    synchronized (queue) {
      return chunks.beginEnd();
    }
  }

  /** By the watchdog, while chunks are pending. Does not block. */
  void lookAfter() {
    giveUpOverdue();
    drainSoon();
  }

  /**
   * Gives up or reports, as the file's policy says, the chunks that have not ended by their
   * deadline.
   */
  void giveUpOverdue() {
    queue.lookAtSealed();
    for (BackgroundWrite overdue : queue.overdueRequests()) {
      overdue.overdue();
    }
    for (Chunks chunks; (chunks = queue.pollOverdue()) != null; ) {
      giveUp(chunks);
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
