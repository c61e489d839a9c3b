package io.dioagent.runtime;

import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One pread(2) into memory of the pool's. Run by a thread that may get stuck in it; who waits for
 * it may go before it ends. Its memory goes back when the last one that holds it lets go: who made
 * it, who runs it, and others that look at its bytes.
 *
 * <p>Thread-safe. The result is the runner's until {@link #ended}, which publishes it; who was
 * released is guarded by the monitor.
 */
final class NativeRead {
  private final DirectFile file;
  private final RequestInfo range;
  private final NativeBuffer[] memory;
  private final Consumer<NativeBuffer[]> giveBack;

  /** Why it goes through the page cache; null if past it. The runner's, as the result. */
  private String whyBuffered;

  private long result;

  /** What it ends with if it fails; null where its errno says all. The runner's, as the result. */
  private DirectIoException failure;

  /** Ended it; null for none. The runner's, as the result. */
  private Throwable defect;

  private final Worker worker;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger holders = new AtomicInteger(1);

  /** Calls whose deadline passed before this ended. */
  private final List<ReadCall> released = new ArrayList<>(0);

  /**
   * A read, held by its maker. The caller has entered the file's descriptors for it.
   *
   * @param range the request's id, and what is read: as long as the memory at most
   * @param giveBack takes the memory at the end
   * @param whyBuffered null if it may go direct: the range is aligned then
   */
  NativeRead(
      DirectFile file,
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

  /** By one who knows that another one holds it. */
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
    long outcome = -Errno.EIO;
    worker.begins();
    try {
      outcome = whyBuffered == null ? readDirect() : readBuffered(whyBuffered);
    } catch (RuntimeException | Error e) {
      defect = e;
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
    List<ReadCall> gone;
    synchronized (this) {
      ended.countDown();
      gone = List.copyOf(released);
    }
    if (!gone.isEmpty()) {
      file.runtime().buffers().endQuarantine(memory);
    }
    for (ReadCall call : gone) {
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
    return Waits.await(ended, limit);
  }

  /** What it waits for. */
  Patience.Cause why() {
    return worker.why();
  }

  /**
   * A call does not wait any longer, and is told when this ends. It keeps what it holds of it.
   *
   * @return false if it has just ended
   */
  synchronized boolean release(ReadCall call) {
    if (ended.getCount() == 0) {
      return false;
    }
    if (released.isEmpty()) {
      file.runtime().buffers().quarantine(memory);
    }
    released.add(call);
    call.tellLost();
    return true;
  }

  // What came of it, once it has ended.

  /** Bytes from the start of the range, 0 at or behind the end of the file, or a negative errno. */
  long result() {
    return result;
  }

  /** What it ends with if it fails; null where its errno says all. */
  DirectIoException failure() {
    return failure;
  }

  /** What ended it that no device said; null for nothing. */
  Throwable defect() {
    return defect;
  }

  /** Null if it went past the page cache. */
  String whyBuffered() {
    return whyBuffered;
  }

  /** Bytes of the result; by one who holds it. */
  ByteBuffer bytes(long fromOffset, long lengthBytes) {
    int from = (int) (fromOffset - range.offset());
    return memory[0].bytes().duplicate().limit(from + (int) lengthBytes).position(from);
  }

  /** How many bytes there are from an offset on; 0 or less if there are none. */
  long bytesFrom(long offset) {
    return range.offset() + result - offset;
  }
}
