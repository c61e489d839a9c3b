package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import java.io.IOException;

/**
 * The writes of one open file that callers make themselves, through the page cache, and behind
 * which its pages are written back and dropped. A write returns when the kernel has the bytes.
 *
 * <p>Thread-safe. A write takes the monitor of its {@link OwnOffset} or of the {@link Trail}, one
 * after the other with those of the claims, and none over the system call.
 */
public final class BehindWrites {
  /** Stands for the descriptor's own offset. */
  public static final long OWN_OFFSET = -1;

  /** Returned by {@link #tryWrite}: nothing was done. No write returns it. */
  public static final long NOT_READY = Long.MIN_VALUE;

  /** Stands for all of a file in events: the kernel decides where. */
  private static final long UNKNOWN = -1;

  private static final String FAILED = "buffered write";

  private final FileContext file;
  private final Trails trails;
  private final OwnOffset ownOffset;

  /** Null before the first write, and after the close. */
  private volatile Trail trail;

  /** Guarded by this. */
  private boolean closed;

  /** Of those of the trail: how many have been passed on, or were there before. */
  private volatile int seenFailures;

  /** Whether a write has been recorded, so that its event's classes are loaded. Only ever set. */
  private volatile boolean recorded;

  public BehindWrites(FileContext file, Trails trails) {
    this.file = file;
    this.trails = trails;
    ownOffset = new OwnOffset(file);
  }

  /**
   * Makes a write if nothing has to be waited for, looked up or reported first. Allocates little,
   * and needs little stack.
   *
   * @param position may be {@link #OWN_OFFSET}
   * @return as {@link CallerWrite#run}, or {@link #NOT_READY}
   */
  public long tryWrite(long position, long lengthBytes, CallerWrite call) throws IOException {
    Trail known = trail;
    if (known == null
        || known.failures() != seenFailures
        || !known.device().bound().isBelow()
        || file.node().hasPending()
        || (!recorded && file.runtime().events().isEnabled())) {
      return NOT_READY;
    }
    long from = begin(known, position, lengthBytes);
    if (from < 0) {
      return NOT_READY;
    }
    PageClaim claim = claim(position, lengthBytes);
    return file.node().claims().tryClaim(claim)
        ? write(known, claim, position, from, lengthBytes, call)
        : NOT_READY;
  }

  /**
   * As {@link #tryWrite}, with everything that has to come first.
   *
   * @throws IOException of the write; of an earlier write-back; or if the deadline passed before
   *     the write could begin
   */
  public long write(long position, long lengthBytes, CallerWrite call) throws IOException {
    throwIfFailed();
    file.node().settle();
    file.pendingError().throwIfAny();
    Origin origin = Origin.here(System.nanoTime());
    Trail known = entered();
    awaitBound(known, position, lengthBytes, origin);
    long from = prepared(known, position, lengthBytes);
    PageClaim claim = claim(position, lengthBytes);
    file.deadline().claim(claim, position, lengthBytes, origin);
    return write(known, claim, position, from, lengthBytes, call);
  }

  private boolean isPlaced(long position) {
    return position >= 0 && !file.isAppend();
  }

  private long begin(Trail known, long position, long lengthBytes) {
    if (!isPlaced(position)) {
      return ownOffset.begin(known, lengthBytes);
    }
    return known.isPrepared(position, lengthBytes) ? position : -1;
  }

  private long prepared(Trail known, long position, long lengthBytes) {
    if (!isPlaced(position)) {
      return ownOffset.prepare(known, lengthBytes);
    }
    long unused = known.prepare(position, lengthBytes);
    return position;
  }

  /** Where a write at the own offset goes is known to the kernel alone, until it has been made. */
  private PageClaim claim(long position, long lengthBytes) {
    return isPlaced(position) ? PageClaim.cached(position, lengthBytes) : PageClaim.cachedFile();
  }

  private synchronized Trail entered() throws IOException {
    Trail known = trail;
    if (closed) {
      throw file.failures().closed();
    }
    if (known == null) {
      known = trails.enter(file);
      seenFailures = known.failures();
      trail = known;
    }
    return known;
  }

  private void awaitBound(Trail known, long position, long lengthBytes, Origin origin)
      throws IOException {
    DirtyBound bound = known.device().bound();
    if (!bound.isBelow()) {
      trails.flushAll(known.device());
      Boolean unused =
          file.deadline()
              .waitFor(
                  position,
                  lengthBytes,
                  origin,
                  limit -> bound.await(limit) ? Boolean.TRUE : null,
                  () ->
                      bound.bytes()
                          + " bytes are to be written back first, of at most "
                          + bound.limitBytes());
    }
  }

  private long write(
      Trail known, PageClaim claim, long position, long from, long lengthBytes, CallerWrite call)
      throws IOException {
    long result = -Errno.ECANCELED; // If the caller's own code throws anything else.
    CallerCall place = null;
    Object token = null;
    boolean begun = false;
    try {
      if (isPlaced(position)) {
        known.begin(position, lengthBytes);
        begun = true;
      }
      place = known.device().calls().enter(file, isPlaced(position) ? from : UNKNOWN, lengthBytes);
      token = file.runtime().events().isEnabled() ? file.runtime().events().beginWrite() : null;
      result = call.run();
      return result;
    } catch (IOException e) {
      result = -Errno.of(e.getMessage());
      failed(position, lengthBytes, result);
      throw e;
    } finally {
      if (begun) {
        known.end(position, lengthBytes, result);
      }
      leave(place, claim, result);
      ended(known, position, from, lengthBytes, result, token);
    }
  }

  private void leave(CallerCall place, PageClaim claim, long result) {
    try {
      if (place != null) {
        place.leave(result);
      }
    } finally {
      file.node().claims().release(claim);
    }
  }

  /** Accounts a write that has been made: throws nothing. */
  private void ended(
      Trail known, long position, long from, long lengthBytes, long result, Object token) {
    try {
      account(known, position, from, lengthBytes, result, token);
    } catch (OutOfMemoryError e) {
      return; // What is not accounted stays in the cache, as without the agent.
    }
  }

  private void account(
      Trail known, long position, long from, long lengthBytes, long result, Object token) {
    long written = Math.max(0, result);
    file.node().changed();
    if (isPlaced(position)) {
      file.node().grewTo(position + written);
    } else {
      ownOffset.wrote(known, from, written);
    }
    file.meter().wrote(0, written);
    if (token == null) {
      file.runtime().wroteBehind(written);
    } else {
      file.runtime().wrote(token, info(position, lengthBytes), result, 0, written, 1);
      recorded = true;
    }
  }

  private RequestInfo info(long position, long lengthBytes) {
    long id = file.runtime().nextObservedRequestId();
    return new RequestInfo(id, file.path(), file.reportedOffset(position), lengthBytes);
  }

  private void failed(long position, long lengthBytes, long result) {
    try {
      Origin origin = Origin.here(System.nanoTime());
      new Request(file, info(position, lengthBytes), origin).reportFailed(result, FAILED);
    } catch (OutOfMemoryError e) {
      return; // The caller gets the error itself.
    }
  }

  /** Whether {@link #failure} may return an error. */
  public boolean hasFailure() {
    Trail known = trail;
    return known != null && known.failures() != seenFailures;
  }

  /**
   * Returns the error of an earlier write-back, once for each open file, as its fsync would; null
   * for none.
   */
  public IOException failure() {
    Trail known = trail;
    int failures = known == null ? 0 : known.failures();
    if (known == null || failures == seenFailures) {
      return null;
    }
    seenFailures = failures;
    // The kernel knows whether this open file has received the error, by an fsync for instance.
    long error = known.standingError(file.descriptors().given());
    return error < 0 ? file.failures().failed(0, 0, (int) -error) : null;
  }

  private void throwIfFailed() throws IOException {
    IOException failed = failure();
    if (failed != null) {
      throw failed;
    }
  }

  /** Leaves the trail, which flushes the rest. Does not wait for that. */
  public synchronized void close() {
    closed = true;
    Trail known = trail;
    if (known != null) {
      trail = null;
      try {
        ownOffset.finish(known);
      } finally {
        known.leave();
      }
    }
  }
}
