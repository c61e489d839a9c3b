package io.dioagent.runtime.read;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.device.Traffic;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One pread(2) into memory of the pool's. Run by a thread that may get stuck in it; a waiting call
 * may leave before it ends. Its memory goes back when its last holder lets go: its maker, its
 * runner, and calls that use its bytes.
 *
 * <p>Thread-safe. The result is the runner's until {@link #ended}, which publishes it; the list of
 * released calls is guarded by the monitor.
 */
final class NativeRead {
  private final FileContext file;
  private final RequestInfo range;
  private final NativeBuffer[] memory;
  private final Consumer<NativeBuffer[]> giveBack;

  /** Why it goes through the page cache; null if past it. The runner's, as the result. */
  private String whyBuffered;

  private long result;

  /** Its exception if it fails; null where the errno says all. The runner's, as the result. */
  private DirectIoException failure;

  /** The exception it threw, which is no answer of a device; null for none. As the result. */
  private Throwable thrown;

  private final Worker worker;

  /** Written under the monitor, which publishes the result. */
  private volatile boolean ended;

  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * Calls whose deadline passed before this ended, linked by {@link ReadCall#nextReleased}. Each
   * call is released once at most.
   */
  private ReadCall released;

  /**
   * A read, held by its maker. The caller has entered the file's descriptors for it.
   *
   * @param range the request's id, and what is read: as long as the memory at most
   * @param giveBack takes the memory at the end
   * @param whyBuffered null if it may go direct: the range is aligned then
   */
  NativeRead(
      FileContext file,
      RequestInfo range,
      NativeBuffer[] memory,
      Consumer<NativeBuffer[]> giveBack,
      String whyBuffered) {
    this.file = file;
    this.range = range;
    this.memory = memory;
    this.giveBack = giveBack;
    this.whyBuffered = whyBuffered;
    worker = new Worker(file.device());
  }

  /** Called by a thread that knows of another holder. */
  void hold() {
    holders.incrementAndGet();
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      giveBack.accept(memory);
      file.descriptors().leave();
    }
  }

  /** Reads; once. Blocks for as long as the kernel does, and lets go of it at the end. */
  void run() {
    long outcome = -Errno.ECANCELED;
    try {
      worker.begins();
      outcome = whyBuffered == null ? readDirect() : readBuffered(whyBuffered);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.READ, range, e);
      thrown = e;
      outcome = -Defects.errno(e);
    } finally {
      end(outcome);
    }
  }

  private long readDirect() {
    int fd;
    try {
      fd = file.descriptors().direct();
    } catch (ErrnoException e) {
      String why = "no direct descriptor: " + e.getMessage();
      file.ability().noDirectAfter(e.errno(), why);
      return readBuffered(why);
    }
    long bytes = read(fd);
    if (bytes == -Errno.EINVAL) {
      file.ability().noDirectAfterEinval(Failures.READ);
      return readBuffered("the kernel refused a direct read (EINVAL)");
    }
    if (bytes > 0) {
      file.ability().wentDirect();
    }
    return bytes;
  }

  private long readBuffered(String why) {
    whyBuffered = why;
    return file.policy().fallbackAllowed() ? read(file.descriptors().buffered()) : -Errno.EINVAL;
  }

  private long read(int fd) {
    Traffic traffic = file.device().traffic();
    long bytes = -Errno.EINTR;
    traffic.enter();
    try {
      while (bytes == -Errno.EINTR) {
        bytes = Linux.pread(fd, memory[0].address(), range.lengthBytes(), range.offset());
      }
    } finally {
      traffic.leave();
    }
    if (bytes > range.lengthBytes()) {
      failure =
          file.failures().impossible(Failures.READ, range.offset(), range.lengthBytes(), bytes);
      return -failure.errno();
    }
    return bytes;
  }

  private void end(long outcome) {
    result = outcome;
    ReadCall gone;
    synchronized (this) {
      ended = true;
      gone = released;
      notifyAll();
    }
    if (gone != null) {
      file.runtime().buffers().endQuarantine(memory);
    }
    for (ReadCall call = gone; call != null; call = call.nextReleased()) {
      call.endedLate(outcome);
    }
    letGo();
  }

  /**
   * Waits for its end; an interrupt does not end the wait.
   *
   * @return false if the limit came first
   */
  boolean await(Limit limit) {
    boolean interrupted = false;
    try {
      while (!ended) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return false;
        }
        interrupted |= awaitOnce(left);
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized boolean awaitOnce(long nanos) {
    return !ended && Waits.onMonitor(this, nanos);
  }

  boolean hasEnded() {
    return ended;
  }

  /** Returns the cause of its wait. */
  Patience.Cause why() {
    return worker.why();
  }

  /**
   * Releases a call, which is notified when this ends. It keeps its hold.
   *
   * @return false if it has just ended
   */
  synchronized boolean release(ReadCall call) {
    if (ended) {
      return false;
    }
    if (released == null) {
      file.runtime().buffers().quarantine(memory);
    }
    call.setNextReleased(released);
    released = call;
    call.reportLost();
    return true;
  }

  // Its outcome, once it has ended.

  /** Bytes from the start of the range, 0 at or behind the end of the file, or a negative errno. */
  long result() {
    return result;
  }

  /** Its exception if it fails; null where the errno says all. */
  DirectIoException failure() {
    return failure;
  }

  /** Throws what the read itself threw, if it did. */
  void throwIfFailed() throws IOException {
    if (thrown != null) {
      throw file.failures().thrown(Failures.READ, thrown);
    }
  }

  /** Null if it went past the page cache. */
  String whyBuffered() {
    return whyBuffered;
  }

  /** Bytes of the result; called by a holder. */
  ByteBuffer bytes(long fromOffset, long lengthBytes) {
    int from = (int) (fromOffset - range.offset());
    return memory[0].bytes().duplicate().limit(from + (int) lengthBytes).position(from);
  }

  /** Where the range ends; the file may end before. */
  long endOffset() {
    return range.offset() + range.lengthBytes();
  }

  /** How many bytes there are from an offset on; 0 or less if there are none. */
  long bytesFrom(long offset) {
    return range.offset() + result - offset;
  }
}
