package io.dioagent.runtime.read;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStamp;
import io.dioagent.runtime.memory.NativeBuffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads ahead of small reads that follow one on the other: a block at a time, by threads of the
 * device's. Without memory, threads or a file at rest there are no blocks, and each read goes to
 * the device by itself.
 *
 * <p>Thread-safe; all fields are guarded by the monitor, in which nothing waits: statx(2) of a
 * local file is answered out of memory.
 */
public final class ReadAhead {
  private static final int BLOCKS_AHEAD = 2;

  /**
   * Number of consecutive reads that make a sequential reader; with fewer, nothing is read ahead.
   */
  private static final int SEQUENTIAL_READS = 2;

  /**
   * How long a file has to be at rest before its blocks are kept, and how long they are kept. A
   * write sets the times when it begins: so a block that is read during one would not show it.
   * Writes of this JVM are known otherwise; another's would have to take longer than this.
   */
  private static final long REST_MILLIS = 1000;

  private final FileContext file;
  private final int blockBytes;

  /** By offset, each beginning where the one before ends. */
  private final ArrayDeque<ReadBlock> blocks = new ArrayDeque<>(2 * BLOCKS_AHEAD + 2);

  private long nextOffset;
  private int sequentialReads;
  private Aging aging;
  private boolean closed;

  public ReadAhead(FileContext file) {
    this.file = file;
    blockBytes = Math.max(file.runtime().pieceBytes(), file.alignBytes());
  }

  /**
   * A call begins.
   *
   * @return whether it is to look for its bytes here
   */
  synchronized boolean begin(RequestInfo request) {
    sequentialReads = request.offset() == nextOffset ? sequentialReads + 1 : 0;
    nextOffset = request.offset() + request.lengthBytes();
    return request.lengthBytes() < blockBytes
        && file.ability().isDirect()
        && (sequentialReads >= SEQUENTIAL_READS || !blocks.isEmpty());
  }

  /**
   * Takes the bytes that are there for a call, from a place of it on.
   *
   * @param done bytes that the call has
   * @return bytes; 0 if the call has to read for itself
   * @throws IOException if the call's deadline passed
   */
  long read(ReadCall call, long done) throws IOException {
    long at = call.request().offset() + done;
    ReadBlock block = hold(at);
    if (block == null) {
      return 0;
    }
    try {
      call.await(block.read());
      if (!isUsable(block, call)) {
        drop(block);
        return 0;
      }
      long bytes = call.take(block.read(), done);
      call.count(bytes, true, 0);
      if (bytes > 0) {
        readOn(block);
      }
      return bytes;
    } finally {
      block.read().letGo();
    }
  }

  /** The block that holds a byte, held for the caller; begun now if the reader is sequential. */
  private synchronized ReadBlock hold(long at) {
    ReadBlock found = null;
    for (ReadBlock block : blocks) {
      found = block.holds(at) ? block : found;
    }
    if (found == null && sequentialReads >= SEQUENTIAL_READS) {
      dropAll();
      long writeGeneration = file.node().writeGeneration();
      FileStamp stamp = stamp();
      if (stamp != null && stamp.isOlderThan(REST_MILLIS)) {
        found = begin(at & -file.alignBytes(), stamp, writeGeneration);
      }
    }
    while (found != null && !found.equals(blocks.peekFirst())) {
      blocks.pollFirst().read().letGo();
    }
    if (found != null) {
      found.read().hold();
    }
    return found;
  }

  private boolean isUsable(ReadBlock block, ReadCall call) {
    boolean read = block.read().result() >= 0 && block.read().whyBuffered() == null;
    return read
        && (block.isYoungerThan(call)
            || (block.writeGeneration() == file.node().writeGeneration()
                && block.stamp().equals(stamp())));
  }

  /** Begins the blocks behind one that has just been of use. */
  private synchronized void readOn(ReadBlock current) {
    while (current.equals(blocks.peekFirst()) && blocks.size() <= BLOCKS_AHEAD) {
      long next = blocks.peekLast().endOffset();
      if (next >= current.stamp().sizeBytes()
          || begin(next, current.stamp(), current.writeGeneration()) == null) {
        return;
      }
    }
  }

  /** Begins a block; null without memory or a thread for it. */
  private ReadBlock begin(long offset, FileStamp stamp, long writeGeneration) {
    if (closed || offset > Long.MAX_VALUE - blockBytes || !file.descriptors().anchor()) {
      return null;
    }
    NativeRead read = newRead(offset);
    if (read == null) {
      return null;
    }
    boolean kept = false;
    try {
      ReadBlock block =
          new ReadBlock(
              read, offset, offset + blockBytes, stamp, writeGeneration, System.nanoTime());
      if (aging == null) {
        Aging newAging = new Aging();
        file.runtime().watchdog().add(newAging);
        aging = newAging;
      }
      blocks.addLast(block);
      kept = start(read);
      if (!kept) {
        blocks.removeLast();
      }
      return kept ? block : null;
    } finally {
      if (!kept) {
        read.letGo();
      }
    }
  }

  /** Null if there is no memory, or the file is closed. */
  private NativeRead newRead(long offset) {
    RequestInfo range =
        new RequestInfo(file.runtime().nextObservedRequestId(), file.path(), offset, blockBytes);
    Consumer<NativeBuffer[]> giveBack = file.device()::releaseReadAheadMemory;
    NativeBuffer[] memory = file.device().acquireReadAheadMemory(blockBytes);
    if (memory == null) {
      return null;
    }
    boolean entered = false;
    try {
      NativeRead read = new NativeRead(file, range, memory, giveBack, null);
      entered = file.descriptors().enter();
      return entered ? read : null;
    } finally {
      if (!entered) {
        file.device().releaseReadAheadMemory(memory);
      }
    }
  }

  /** The read is held once for its runner. */
  private boolean start(NativeRead read) {
    boolean started = false;
    read.hold();
    try {
      started = file.device().executeReadAhead(read::run);
    } catch (OutOfMemoryError e) {
      return false; // It can be done without.
    } finally {
      if (!started) {
        read.letGo();
      }
    }
    return started;
  }

  /** Null if the kernel does not answer. */
  private FileStamp stamp() {
    try {
      return FileStamp.of(file.descriptors().buffered());
    } catch (ErrnoException e) {
      return null;
    }
  }

  private synchronized void drop(ReadBlock block) {
    if (blocks.remove(block)) {
      block.read().letGo();
    }
  }

  private void dropAll() {
    while (!blocks.isEmpty()) {
      blocks.pollFirst().read().letGo();
    }
  }

  /** No more blocks. */
  public synchronized void close() {
    closed = true;
    dropAll();
  }

  /** Gives up blocks that no call used for long. Made anew whenever there are blocks. */
  private final class Aging implements Watchdog.Ward {
    @Override
    public boolean check() {
      synchronized (ReadAhead.this) {
        long now = System.nanoTime();
        for (Iterator<ReadBlock> all = blocks.iterator(); all.hasNext(); ) {
          ReadBlock block = all.next();
          if (now - block.startNanoTime() > TimeUnit.MILLISECONDS.toNanos(REST_MILLIS)) {
            all.remove();
            block.read().letGo();
          }
        }
        if (blocks.isEmpty()) {
          aging = null;
        }
        return blocks.isEmpty();
      }
    }
  }
}
