package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.Linux;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A device in memory with one file, in place of the kernel: takes writes on any number of contexts
 * and ends each by a thread of its own, when the schedule has that go on. A write's bytes are read
 * out of the runtime's memory when it ends, so that memory which was given back before is found out
 * by what is in the file.
 */
public final class MemoryDevice implements AioEngine, AutoCloseable {
  private final byte[] content;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "device");
  private int openContexts;
  private boolean held;
  private boolean closed;

  /** One write in flight. */
  private record Pending(MemoryContext context, long id, long address, int length, long offset) {}

  /** A device whose file has so many bytes, all zero. */
  public MemoryDevice(int fileBytes) {
    content = new byte[fileBytes];
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on no write ends. */
  public synchronized void hold() {
    held = true;
  }

  /** Writes end again. */
  public synchronized void letGo() {
    held = false;
    notifyAll();
  }

  /** Waits until so many writes are in flight. */
  public synchronized void awaitPending(int count) {
    while (pending.size() < count) {
      await(0);
    }
  }

  /** What is in the file now. */
  public synchronized byte[] content() {
    return content.clone();
  }

  /** Contexts that are not closed. */
  public synchronized int openContexts() {
    return openContexts;
  }

  private void run() {
    while (endNext()) {
      // One after the other.
    }
  }

  private synchronized boolean endNext() {
    while (!closed && (held || pending.isEmpty())) {
      await(0);
    }
    Pending next = held ? null : pending.poll();
    if (next == null) {
      return false;
    }
    Linux.view(next.address, next.length).get(content, (int) next.offset, next.length);
    next.context.done.add(new long[] {next.id, next.length});
    notifyAll();
    return true;
  }

  /** Under the monitor. */
  @SuppressWarnings("WaitNotInLoop")
  private void await(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the thread; nothing may be in flight. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  @Override
  public synchronized AioContext open(int depth) {
    openContexts++;
    return new MemoryContext();
  }

  @Override
  public PageCache pageCache() {
    return new MemoryPages();
  }

  private final class MemoryContext implements AioContext {
    private final ArrayDeque<long[]> done = new ArrayDeque<>();

    @Override
    public int submit(Submissions batch, int first, int count) {
      synchronized (MemoryDevice.this) {
        for (int i = first; i < first + count; i++) {
          int slot = batch.slot(i);
          pending.add(
              new Pending(
                  this,
                  batch.data(slot),
                  batch.bufferAddress(slot),
                  (int) batch.lengthBytes(slot),
                  batch.offset(slot)));
        }
        MemoryDevice.this.notifyAll();
      }
      return count;
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      synchronized (MemoryDevice.this) {
        long until = System.nanoTime() + timeoutNanos;
        for (long left = timeoutNanos; done.size() < min && left > 0; ) {
          await(1 + TimeUnit.NANOSECONDS.toMillis(left - 1));
          left = until - System.nanoTime();
        }
        int count = 0;
        for (long[] one; count < batch.capacity() && (one = done.poll()) != null; count++) {
          batch.set(count, one[0], one[1]);
        }
        return count;
      }
    }

    @Override
    public int cancel(Submissions batch, int slot) {
      return -22;
    }

    @Override
    public void close() {
      synchronized (MemoryDevice.this) {
        openContexts--;
      }
    }
  }

  /** Pages that are on the device at once. */
  private final class MemoryPages implements PageCache {
    @Override
    public long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags) {
      synchronized (MemoryDevice.this) {
        ByteBuffer iovec = Linux.view(memory.address(), (long) memory.count() * 16);
        long done = position;
        for (int at = 0; at < iovec.limit(); at += 16) {
          int length = (int) iovec.getLong(at + 8);
          Linux.view(iovec.getLong(at), length).get(content, (int) done, length);
          done += length;
        }
        return done - position;
      }
    }

    @Override
    public long writeBack(RequestInfo range, int fd) {
      return 0;
    }

    @Override
    public long standingError(int fd) {
      return 0;
    }

    @Override
    public boolean mayHold(RequestInfo range, int fd) {
      return false;
    }

    @Override
    public long invalidationError(RequestInfo range, int fd) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
