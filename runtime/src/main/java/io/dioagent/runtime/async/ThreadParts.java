package io.dioagent.runtime.async;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.SyscallThreads;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.write.Segments;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The work of an asynchronous write that a thread does which may wait: parts to write, a range to
 * write back, or a descriptor to open.
 *
 * <p>Owned by the write's owner, one thread at a time; the watchdog reads the volatile fields.
 */
final class ThreadParts implements Runnable {
  /** Interval at which a wait checks that the write has not been ended. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final AsyncWriter writer;
  private final AsyncWrite write;
  private final FileContext file;

  /** Parts that a thread is to write, in the order of the source; after them the write is done. */
  private final ArrayDeque<Extent> forThread = new ArrayDeque<>(4);

  /** The range that went direct while the page cache may have kept some of it; null for none. */
  private volatile Request suspect;

  /** The thread that has its pages written back meanwhile; null if there is none. */
  private volatile KernelThread settler;

  private boolean openedDirect;

  /** A part of the source. */
  private record Extent(long from, long end) {}

  ThreadParts(AsyncWriter writer, AsyncWrite write) {
    this.writer = writer;
    this.write = write;
    file = write.file();
  }

  /** The range that may have to be written back; null for none. Any thread. */
  Request suspect() {
    return suspect;
  }

  /** The thread that has pages written back; null if there is none. Any thread. */
  KernelThread settler() {
    return settler;
  }

  /** Whether a thread has to go on with the write. */
  boolean needsThread() {
    return suspect != null || !forThread.isEmpty();
  }

  /** All the rest is written by a thread that may wait. */
  void restToThread() {
    forThread.add(new Extent(write.doneBytes(), write.lengthBytes()));
    write.toThread();
  }

  /**
   * Has a thread open the direct descriptor, which alone is missing. False if that was done before.
   */
  boolean openDirectOnThread() {
    if (openedDirect) {
      return false;
    }
    openedDirect = true;
    write.toThread();
    return true;
  }

  /** Adds the rest of a segment that has ended; returns whether the write has a rest. */
  boolean addRest(RequestInfo segment, Parts parts) {
    for (int i = 0; i < parts.count(); i++) {
      if (parts.get(i).isOpen()) {
        addForThread(parts.get(i));
      }
    }
    long segmentEnd = write.doneBytes() + segment.lengthBytes();
    if (!forThread.isEmpty() && segmentEnd < write.lengthBytes()) {
      forThread.add(new Extent(segmentEnd, write.lengthBytes()));
    }
    RequestInfo collided = writer.suspectCollision(file, segment.requestId(), parts);
    suspect = collided == null ? null : new Request(file, collided, write.origin());
    write.setDoneBytes(segmentEnd);
    return suspect != null || !forThread.isEmpty() || segmentEnd < write.lengthBytes();
  }

  private void addForThread(Part part) {
    long from = part.restOffset() - write.position();
    long end = from + part.restBytes();
    Extent last = forThread.peekLast();
    if (last != null && last.end == from) {
      forThread.removeLast();
      from = last.from;
    }
    forThread.addLast(new Extent(from, end));
  }

  // By a thread that may get stuck. While WAITING, the watchdog may end the write.

  @Override
  public void run() {
    try {
      if (suspect != null) {
        settleCollision();
      } else if (forThread.isEmpty()) {
        openDirect();
        write.toLane();
      } else if (write.begin()) {
        writeForThread();
      }
    } catch (IOException e) {
      endOnThread(e);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.ASYNC_WRITE, file.path(), e);
      endOnThread(write.failed(e));
    }
  }

  /** Ends the write with a thread's failure, whether that had begun to write or not. */
  private void endOnThread(IOException failure) {
    if (write.isRunning() || write.begin()) {
      write.end(0, failure);
    }
  }

  /** With the descriptors held, as the write may be ended meanwhile. */
  private void openDirect() {
    if (file.descriptors().enter()) {
      try {
        boolean unused = file.descriptors().anchor();
        file.ability().openDirect();
      } finally {
        file.descriptors().leave();
      }
    }
  }

  private void settleCollision() throws IOException {
    Request request = suspect;
    RequestInfo range = request.info();
    boolean again;
    settler = SyscallThreads.current();
    try {
      again = isToBeLaundered(range);
    } finally {
      settler = null;
      request.ended(range.lengthBytes(), write.isWaiting());
    }
    if (!write.begin()) {
      return;
    }
    suspect = null;
    if (again) {
      long from = range.offset() - write.position();
      forThread.addFirst(new Extent(from, from + range.lengthBytes()));
    }
    if (!forThread.isEmpty()) {
      writeForThread();
    } else if (write.doneBytes() < write.lengthBytes()) {
      write.waitAgain();
      write.toLane();
    } else {
      write.end(write.lengthBytes(), null);
    }
  }

  /**
   * Returns whether the range is to be written once more, as the page cache kept some of it.
   *
   * @throws IOException if that is to be its end
   */
  private boolean isToBeLaundered(RequestInfo range) throws IOException {
    Lane lane = null;
    while (lane == null && write.isWaiting()) {
      lane = file.device().borrowLane(Limit.until(System.nanoTime() + LOOK_NANOS));
    }
    if (lane == null) {
      return false;
    }
    boolean open = file.descriptors().enter();
    try {
      long marked = open ? file.cachedPages().collision(lane, range, write.origin()) : 0;
      if (marked < 0 && file.policy().onCollision() == OnCollision.FAIL) {
        file.runtime().failed(range, write.origin(), marked, "page-cache collision");
        throw file.failures().failed(range.offset(), range.lengthBytes(), (int) -marked);
      }
      boolean launder = marked < 0 && file.policy().onCollision() == OnCollision.LAUNDER;
      if (launder) {
        // Its error stays with the file, and is returned again when the range is written once more.
        Lane mine = lane;
        long unused =
            file.cachedPages().flushOthers(range, fd -> mine.pageCache().writeBack(range, fd));
      }
      return launder;
    } finally {
      file.device().giveBack(lane);
      if (open) {
        file.descriptors().leave();
      }
    }
  }

  private void writeForThread() {
    for (Extent next; (next = forThread.pollFirst()) != null; ) {
      write.setDoneBytes(next.from);
      try {
        write.setDoneBytes(
            next.from
                + Segments.writeBehindOthers(
                    file, write.source(), next.from, next.end, write.position(), write.origin()));
      } catch (IOException e) {
        write.endAfterProgress(e, DirectIoException.errnoOf(e));
        return;
      } catch (InternalError e) {
        write.endAfterProgress(AsyncWrite.unreadable(e), Errno.EFAULT);
        return;
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_WRITE, file.path(), e);
        write.end(0, write.failed(e));
        return;
      }
      if (write.doneBytes() < next.end) {
        write.end(write.doneBytes(), null);
        return;
      }
    }
    write.end(write.lengthBytes(), null);
  }
}
