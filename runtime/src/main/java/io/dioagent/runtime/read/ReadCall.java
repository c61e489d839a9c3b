package io.dioagent.runtime.read;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * One call of {@code DirectFile.read}, from its begin to its one ending: as many native reads as it
 * takes, one after the other, each of whole blocks into memory of the pool.
 *
 * <p>Owned by the caller's thread. Other threads meet it in its {@link Request}: the runner of a
 * read that it was released from, and the watchdog while the caller runs a read itself.
 */
public final class ReadCall implements Watchdog.Ward, InFlightSource {
  /** Guarded by the monitor of the {@link NativeRead} that this call was released from. */
  private ReadCall nextReleased;

  private final FileContext file;
  private final RuntimeContext runtime;
  private final ReadSink sink;

  /** Null if nothing is read ahead. */
  private final ReadAhead ahead;

  private final Request watched;

  /** Its name. */
  private final RequestInfo request;

  private final Origin origin = Origin.here(System.nanoTime());
  private long directBytes;
  private long bufferedBytes;
  private int ios;

  /** Another thread runs a read of this call, and reports that it came late. */
  private boolean released;

  /** A native read of this call's own got fewer bytes than there was room for. */
  private boolean atEnd;

  private ReadCall(FileContext file, ReadAhead ahead, ReadSink sink, long position) {
    this.file = file;
    this.sink = sink;
    this.ahead = ahead;
    runtime = file.runtime();
    watched = Request.observed(file, position, sink.lengthBytes(), origin);
    request = watched.info();
  }

  /**
   * Reads, and waits until that has ended or its deadline has passed.
   *
   * @param ahead null if nothing is read ahead
   * @param sink of at least a byte
   * @return bytes, 0 at the end of the file
   * @throws IOException as {@code DirectFile.read}
   */
  public static long read(FileContext file, ReadAhead ahead, ReadSink sink, long position)
      throws IOException {
    if (!file.descriptors().enter()) {
      throw file.failures().closed();
    }
    try {
      file.node().settle(position, sink.lengthBytes());
      return new ReadCall(file, ahead, sink, position).run();
    } finally {
      file.descriptors().leave();
    }
  }

  private long run() throws IOException {
    Object token = runtime.events().beginRead();
    long result = -Errno.ECANCELED;
    try {
      runtime.began(this);
      result = readAllOrFault();
      if (result < 0) {
        watched.reportFailed(result, watched.progress(0, " read"));
        throw file.failures()
            .failed(Failures.READ, request.offset(), request.lengthBytes(), (int) -result);
      }
    } catch (DirectIoException e) {
      result = -e.errno();
      throw e;
    } catch (OutOfMemoryError e) {
      result = -Errno.ENOMEM;
      throw e;
    } finally {
      runtime.ended(this);
      if (!released) {
        watched.ended(result, true);
      }
      runtime.read(token, request, result, directBytes, bufferedBytes, ios);
    }
    return result;
  }

  /** As the kernel finds it, if the sink is a mapping whose file shrank. */
  private long readAllOrFault() throws IOException {
    try {
      return readAll();
    } catch (InternalError e) {
      return -Errno.EFAULT;
    }
  }

  /** Bytes, or a negative errno if there are none. */
  private long readAll() throws IOException {
    long length = request.lengthBytes();
    if (length > Long.MAX_VALUE - request.offset()) {
      return -Errno.EINVAL; // As pread(2) says.
    }
    boolean mayBeAhead = ahead != null && ahead.begin(this);
    long done = 0;
    while (done < length) {
      long result = mayBeAhead ? ahead.read(this, done) : 0;
      if (result <= 0) {
        result = readPiece(done);
      }
      if (result < 0 && done == 0) {
        return result;
      }
      done += Math.max(0, result);
      if (result <= 0 || atEnd) {
        break;
      }
    }
    return done;
  }

  /** One native read of this call's own; bytes, 0 at the end of the file, or a negative errno. */
  private long readPiece(long done) throws IOException {
    long at = request.offset() + done;
    long left = request.lengthBytes() - done;
    int align = file.alignBytes();
    String whyBuffered = file.ability().isDirect() ? null : file.ability().reason();
    if (at > Long.MAX_VALUE - left - align) {
      whyBuffered = "whole blocks would end behind the largest offset there is";
    }
    refuseIfForbidden(whyBuffered);
    int most = Math.max(runtime.readBytes(), align);
    long base = whyBuffered == null ? at & -align : at;
    long end = whyBuffered == null ? at + left + align - 1 & -align : at + left;
    int bytes = (int) Math.min(most, end - base);
    NativeRead read = newRead(base, bytes, whyBuffered);
    try {
      perform(read, whyBuffered == null);
      if (read.whyBuffered() != null) {
        refuseIfForbidden(read.whyBuffered());
        file.cachedPages().readBuffered(request, origin, read.whyBuffered());
      }
      read.throwIfFailed();
      if (read.failure() != null) {
        throw read.failure();
      }
      if (read.result() < 0) {
        return read.result();
      }
      atEnd = read.result() < bytes;
      long taken = take(read, done);
      count(taken, read.whyBuffered() == null, 1);
      return taken;
    } finally {
      read.letGo();
    }
  }

  /** Takes memory for a read, and enters the descriptors for it; or neither. */
  private NativeRead newRead(long base, int bytes, String whyBuffered) throws IOException {
    RequestInfo range = new RequestInfo(request.requestId(), file.path(), base, bytes);
    Consumer<NativeBuffer[]> giveBack = file.device()::release;
    NativeBuffer[] memory =
        file.deadline()
            .waitFor(
                Failures.READ,
                request,
                origin,
                limit -> file.device().acquireMemory(1, bytes, limit),
                () -> "no buffer memory was free; " + runtime.buffers().describe());
    NativeRead made = null;
    try {
      NativeRead read = new NativeRead(file, range, memory, giveBack, whyBuffered);
      if (!file.descriptors().enter()) {
        throw file.failures().closed();
      }
      made = read;
      return read;
    } finally {
      if (made == null) {
        file.device().release(memory);
      }
    }
  }

  private void refuseIfForbidden(String whyBuffered) throws DirectIoException {
    if (whyBuffered != null && !file.policy().fallbackAllowed()) {
      throw file.failures().forbiddenRead(request, whyBuffered);
    }
  }

  /**
   * Runs a read to its end. A caller that is to be released at its deadline has another thread run
   * it. Otherwise it runs it itself, watched: if it waits for as long as it takes, if the page
   * cache is likely to have the bytes, and if the process can have no more descriptors or threads.
   */
  private void perform(NativeRead read, boolean direct) throws IOException {
    boolean anchored = file.descriptors().anchor();
    if (anchored && direct && file.policy().onLost() == OnLost.FAIL && handOver(read)) {
      await(read);
    } else {
      runHere(read);
    }
  }

  /** False if there can be no more threads. */
  private boolean handOver(NativeRead read) throws IOException {
    boolean started = false;
    read.hold();
    try {
      Boolean taken =
          file.deadline()
              .waitFor(
                  Failures.READ,
                  request,
                  origin,
                  limit -> file.device().execute(read::run, limit) ? Boolean.TRUE : null,
                  () -> "no submitter thread was free");
      started = taken;
    } catch (OutOfMemoryError e) {
      Defects.log(Defects.At.SUBMITTER_START, null, e);
    } finally {
      if (!started) {
        read.letGo();
      }
    }
    return started;
  }

  private void runHere(NativeRead read) {
    try {
      runtime.watchdog().add(this);
      read.hold();
      read.run();
    } finally {
      runtime.watchdog().remove(this);
    }
  }

  /**
   * Waits for a read that another thread runs, until the deadline or, if the policy is so, its end.
   *
   * @throws DirectIoException if this call is released before
   */
  void await(NativeRead read) throws DirectIoException {
    if (read.await(origin.patience().limit(file.deadline()::nanos, read::why))) {
      return;
    }
    if (file.policy().onLost() == OnLost.FAIL) {
      if (read.release(this)) {
        released = true; // The exception may lack the memory to be made: then its Error is thrown.
        throw file.failures().lost(Failures.READ, request, origin, "the device");
      }
    } else {
      reportLost();
    }
    boolean unused = read.await(Limit.FOREVER);
  }

  /**
   * Copies the bytes of a read, from a place of this call on.
   *
   * @return bytes, 0 if there are none
   * @throws InternalError if the sink is a mapping whose file shrank; or later, by the JVM
   */
  long take(NativeRead read, long done) {
    long at = request.offset() + done;
    long bytes = Math.min(request.lengthBytes() - done, read.bytesFrom(at));
    if (bytes <= 0) {
      return 0;
    }
    sink.copyFrom(done, read.bytes(at, bytes));
    return bytes;
  }

  /** Bytes of this call came past the page cache or through it, by so many native reads. */
  void count(long bytes, boolean direct, int nativeReads) {
    directBytes += direct ? Math.max(0, bytes) : 0;
    bufferedBytes += direct ? 0 : Math.max(0, bytes);
    ios += nativeReads;
  }

  RequestInfo request() {
    return request;
  }

  long startNanoTime() {
    return origin.startNanoTime();
  }

  ReadCall nextReleased() {
    return nextReleased;
  }

  void setNextReleased(ReadCall next) {
    nextReleased = next;
  }

  /** Called by the runner of a read that this call was released from. */
  void endedLate(long result) {
    watched.ended(result, false);
  }

  /** By the watchdog, while the caller runs a read itself. */
  @Override
  public boolean check() {
    boolean overdue = watched.isSpentInRounds(() -> Patience.Cause.DEVICE);
    if (overdue) {
      reportLost();
    }
    return overdue;
  }

  /** Its own: an object's first identity hash is a call into the JVM. */
  @Override
  public int hashCode() {
    return (int) request.requestId();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public void addInFlight(Collection<InFlightRequest> all) {
    all.add(watched.inFlight(Failures.READ, "the device"));
  }

  /** Reports the loss once, before the read's runner can report that it came late. */
  void reportLost() {
    boolean unused = watched.reportLost("waiting for ", "the device to answer a read", true);
  }
}
