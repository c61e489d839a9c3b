package io.dioagent.runtime.read;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStamp;
import io.dioagent.runtime.memory.NativeBuffer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads ahead of the sequential readers of one open file: a few blocks for each, by threads of the
 * device's. Without memory, threads or a file at rest there are no blocks, and each read goes to
 * the device by itself.
 *
 * <p>Thread-safe; all fields are guarded by the monitor, in which nothing waits: statx(2) of a
 * local file is answered out of memory.
 */
public final class ReadAhead {
  /** A reader's first blocks are so long: as little as reads well, if the reader soon leaves. */
  private static final int LEAST_BLOCK_BYTES = 64 << 10;

  /** Limits a block; longer reads go by themselves. */
  private static final int MOST_BLOCK_BYTES = 1 << 20;

  /**
   * How long a file has to be at rest before its blocks are kept, and how long they are kept. A
   * write sets the times when it begins: so a block that is read during one would not show it.
   * Writes of this JVM are known otherwise; another's would have to take longer than this.
   */
  private static final long REST_MILLIS = 1000;

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);

  private final FileContext file;
  private final int leastBytes;
  private final int mostBytes;
  private final ReadRuns<ReadStream> streams;
  private Aging aging;
  private boolean closed;

  public ReadAhead(FileContext file) {
    this.file = file;
    mostBytes = Math.max(Math.min(file.runtime().readBytes(), MOST_BLOCK_BYTES), file.alignBytes());
    leastBytes = Math.max(Math.min(LEAST_BLOCK_BYTES, mostBytes), file.alignBytes());
    streams = new ReadRuns<>(() -> new ReadStream(leastBytes, mostBytes));
  }

  /**
   * A call begins.
   *
   * @return whether it is to look for its bytes here
   */
  synchronized boolean begin(ReadCall call) {
    RequestInfo request = call.request();
    ReadStream stream = streams.read(request.offset(), request.lengthBytes(), call.startNanoTime());
    return request.lengthBytes() < mostBytes
        && file.ability().isDirect()
        && (stream.isSequential() || haveBlocks());
  }

  /**
   * Takes the bytes that are there for a call, from a place of it on.
   *
   * @param done bytes that the call has
   * @return bytes; 0 if the call has to read for itself
   * @throws IOException if the call's deadline passed
   */
  long read(ReadCall call, long done) throws IOException {
    ReadBlock block = hold(call, call.request().offset() + done);
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
  private synchronized ReadBlock hold(ReadCall call, long at) {
    ReadStream stream = streams.covering(at);
    ReadBlock found;
    if (stream == null) {
      stream = streams.endingAt(call.request().offset() + call.request().lengthBytes());
      found = stream != null ? beginAnew(stream, at) : null;
    } else {
      found = stream.blockWith(at);
      stream.dropBefore(found, call.startNanoTime());
      if (!found.isYoungerThan(call) && !found.read().hasEnded()) {
        stream.deepen();
      }
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

  /** Begins a stream's first block; null if the file changes, or without memory or a thread. */
  private ReadBlock beginAnew(ReadStream stream, long at) {
    stream.dropAll();
    long writeGeneration = file.node().writeGeneration();
    FileStamp stamp = stamp();
    return stamp != null && stamp.isOlderThan(REST_MILLIS)
        ? begin(stream, at & -file.alignBytes(), stamp, writeGeneration)
        : null;
  }

  /** Begins the blocks behind one that has just been of use. */
  private synchronized void readOn(ReadBlock current) {
    ReadStream stream = streams.covering(current.offset());
    while (stream != null && stream.wantsMoreBehind(current)) {
      long next = stream.endOffset();
      if (next >= current.stamp().sizeBytes()
          || begin(stream, next, current.stamp(), current.writeGeneration()) == null) {
        return;
      }
    }
  }

  /** Begins a block; null at the end of the file, or without memory or a thread for it. */
  private ReadBlock begin(ReadStream stream, long offset, FileStamp stamp, long writeGeneration) {
    if (closed || offset >= stamp.sizeBytes() || !file.descriptors().anchor()) {
      return null;
    }
    NativeRead read = newRead(offset, blockBytes(stream, stamp.sizeBytes() - offset));
    if (read == null) {
      return null;
    }
    boolean kept = false;
    try {
      ReadBlock block =
          new ReadBlock(read, offset, read.endOffset(), stamp, writeGeneration, System.nanoTime());
      if (aging == null) {
        Aging newAging = new Aging();
        file.runtime().watchdog().add(newAging);
        aging = newAging;
      }
      stream.add(block);
      kept = start(read);
      if (!kept) {
        stream.removeLast();
      }
      return kept ? block : null;
    } finally {
      if (!kept) {
        read.letGo();
      }
    }
  }

  /** No longer than the file, in whole blocks of the disk. */
  private int blockBytes(ReadStream stream, long leftBytes) {
    int align = file.alignBytes();
    return leftBytes >= stream.blockBytes()
        ? stream.blockBytes()
        : (int) leftBytes + align - 1 & -align;
  }

  /** Takes memory for a block: for a shorter one if there is little, down to the shortest. */
  private NativeBuffer[] acquire(int bytes) {
    NativeBuffer[] memory = file.device().acquireReadAheadMemory(bytes);
    for (int less = bytes / 2; memory == null && less >= leastBytes; less /= 2) {
      memory = file.device().acquireReadAheadMemory(less);
    }
    return memory;
  }

  /** Null if there is no memory, or the file is closed. */
  private NativeRead newRead(long offset, int mostBytes) {
    Consumer<NativeBuffer[]> giveBack = file.device()::releaseReadAheadMemory;
    NativeBuffer[] memory = acquire(mostBytes);
    if (memory == null) {
      return null;
    }
    boolean entered = false;
    try {
      int bytes = Math.min(mostBytes, memory[0].capacityBytes());
      RequestInfo range =
          new RequestInfo(file.runtime().nextObservedRequestId(), file.path(), offset, bytes);
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

  private boolean haveBlocks() {
    for (int i = 0; i < streams.count(); i++) {
      if (streams.get(i).hasBlocks()) {
        return true;
      }
    }
    return false;
  }

  private synchronized void drop(ReadBlock block) {
    for (int i = 0; i < streams.count(); i++) {
      streams.get(i).drop(block);
    }
  }

  /** No more blocks. */
  public synchronized void close() {
    closed = true;
    for (int i = 0; i < streams.count(); i++) {
      streams.get(i).dropAll();
    }
  }

  /** Gives up blocks that no call used for long. Made anew whenever there are blocks. */
  private final class Aging implements Watchdog.Ward {
    @Override
    public boolean check() {
      synchronized (ReadAhead.this) {
        long oldest = System.nanoTime() - REST_NANOS;
        for (int i = 0; i < streams.count(); i++) {
          streams.get(i).dropOlderThan(oldest);
        }
        boolean isOver = !haveBlocks();
        if (isOver) {
          aging = null;
        }
        return isOver;
      }
    }
  }
}
