package io.dioagent.runtime.file;

import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import java.util.List;

/**
 * The pages that one request writes: which of them through the page cache, and which past it. The
 * request makes it, and fills it in while it is not claimed; the rest is guarded by the monitor of
 * {@link PageClaims}, or of the list of {@link DirectClaims} that it is on.
 */
public final class PageClaim {
  private static final int PAGE_SHIFT = Long.numberOfTrailingZeros(Linux.PAGE_BYTES);

  /** Beyond any page. */
  private static final long NO_END = Long.MAX_VALUE >>> PAGE_SHIFT;

  /** See the table of {@link PageClaims}. */
  enum State {
    /** Not claimed yet, given up or released: then it may be claimed anew. */
    GONE,
    WAITING,
    HELD
  }

  // Page numbers, each range without its end; empty where both are the same.

  private long headFrom;
  private long headEnd;
  private long directFrom;
  private long directEnd;
  private long tailFrom;
  private long tailEnd;

  /** Written under the monitor. */
  private volatile State state = State.GONE;

  /** The thread to wake. */
  private volatile Thread waiter;

  /** Of {@link DirectClaims}; null while it is on none of those. */
  private PageClaim list;

  /** Neighbours in the one list that it is on. */
  private PageClaim previous = this;

  private PageClaim next = this;

  /** Claims the whole file through the page cache: for a write without a known position. */
  public static PageClaim cachedFile() {
    PageClaim claim = new PageClaim();
    claim.headEnd = NO_END;
    return claim;
  }

  /** Claims a range that goes through the page cache. */
  public static PageClaim cached(long offset, long lengthBytes) {
    PageClaim claim = new PageClaim();
    claim.add(offset, lengthBytes, false);
    return claim;
  }

  /** Claims a range that goes past the page cache. */
  public static PageClaim direct(long offset, long lengthBytes) {
    PageClaim claim = new PageClaim();
    claim.add(offset, lengthBytes, true);
    return claim;
  }

  /** Claims the pages of a planned write. */
  public static PageClaim of(FileContext file, List<WritePlan.Part> plan) {
    if (file.isAppend()) {
      return cachedFile();
    }
    PageClaim claim = new PageClaim();
    for (WritePlan.Part part : plan) {
      claim.add(part.offset(), part.lengthBytes(), part.whyBuffered() == null);
    }
    return claim;
  }

  /** Covers the parts of a write as they are to be written now. Only while it is not claimed. */
  public void coverAgain(Parts parts) {
    headEnd = headFrom;
    directEnd = directFrom;
    tailEnd = tailFrom;
    for (int i = 0; i < parts.count(); i++) {
      Part part = parts.get(i);
      add(part.offset(), part.lengthBytes(), part.isDirect());
    }
  }

  /** Covers one more part, behind those before it. Only while it is not claimed. */
  public void add(long offset, long lengthBytes, boolean direct) {
    long from = offset >>> PAGE_SHIFT;
    long end = endPage(offset, lengthBytes);
    if (direct) {
      if (tailFrom < tailEnd) { // What lies between direct parts counts with what is before them.
        headFrom = headFrom < headEnd ? headFrom : tailFrom;
        headEnd = tailEnd;
        tailEnd = tailFrom;
      }
      directFrom = hasDirect() ? directFrom : from;
      directEnd = end;
    } else if (hasDirect()) {
      tailFrom = tailFrom < tailEnd ? tailFrom : from;
      tailEnd = end;
    } else {
      headFrom = headFrom < headEnd ? headFrom : from;
      headEnd = end;
    }
  }

  /** Not by its end, which may be beyond the largest offset that there is. */
  private static long endPage(long offset, long lengthBytes) {
    return ((offset + lengthBytes - 1) >>> PAGE_SHIFT) + 1;
  }

  boolean hasCached() {
    return headFrom < headEnd || tailFrom < tailEnd;
  }

  boolean hasDirect() {
    return directFrom < directEnd;
  }

  /** Whether a range is among what it claims as cached. */
  public boolean holdsCached(long offset, long lengthBytes) {
    long from = offset >>> PAGE_SHIFT;
    long end = endPage(offset, lengthBytes);
    return (headFrom <= from && end <= headEnd) || (tailFrom <= from && end <= tailEnd);
  }

  /** Whether a page of it goes one way here, and the other way there. */
  boolean excludes(PageClaim other) {
    return meetsCached(other) || other.meetsCached(this);
  }

  /** Whether what goes direct here shares a page with what is cached there. */
  private boolean meetsCached(PageClaim other) {
    return meet(directFrom, directEnd, other.headFrom, other.headEnd)
        || meet(directFrom, directEnd, other.tailFrom, other.tailEnd);
  }

  /** An empty range meets none. */
  private static boolean meet(long from, long end, long otherFrom, long otherEnd) {
    return from < end && otherFrom < otherEnd && from < otherEnd && otherFrom < end;
  }

  boolean isHeld() {
    return state == State.HELD;
  }

  State state() {
    return state;
  }

  /** Under the monitor that guards it, as all that follows. */
  void become(State newState) {
    state = newState;
  }

  /** Throws if it is claimed. */
  void expectGone() {
    if (state != State.GONE) {
      throw new IllegalStateException("claimed twice: " + this);
    }
  }

  /**
   * Also called without a monitor, by the thread that releases it: then it may have been taken over
   * meanwhile.
   */
  PageClaim list() {
    return list;
  }

  void putOn(PageClaim newList) {
    list = newList;
  }

  Thread waiter() {
    return waiter;
  }

  /** By the thread that waits, before it looks at the state. */
  void waitBy(Thread thread) {
    waiter = thread;
  }

  PageClaim next() {
    return next;
  }

  /** Puts a claim that is on no list at the end of the list that begins with this one. */
  void append(PageClaim claim) {
    claim.previous = previous;
    claim.next = this;
    previous.next = claim;
    previous = claim;
  }

  /** Takes it off its list. */
  void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }

  @Override
  public String toString() {
    return state
        + " cached pages "
        + headFrom
        + "-"
        + headEnd
        + " and "
        + tailFrom
        + "-"
        + tailEnd
        + ", direct "
        + directFrom
        + "-"
        + directEnd;
  }
}
