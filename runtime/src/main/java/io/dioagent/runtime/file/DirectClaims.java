package io.dioagent.runtime.file;

import io.dioagent.runtime.base.StripedCount;

/**
 * The direct claims on a file while no request goes through its page cache: they exclude nothing
 * then, so that the threads which write it need not share one monitor. Spread over several lists,
 * by claiming thread.
 *
 * <pre>
 * gate      what happens                                              next
 * OPEN      a direct claim is put on its list, under that one's       OPEN
 *           monitor, and held
 *           it is released, under the same monitor                    OPEN
 *           a claim with a cached part comes: the gate is closed      SHUT
 *           first, then each list is emptied under its monitor
 * SHUT      a direct claim finds that under its list's monitor, and   SHUT
 *           is left to {@link PageClaims}
 *           the same, and no claim with a cached part is left          OPEN, for those that follow
 * </pre>
 *
 * <p>The gate stays shut while only claims with a cached part come and go: callers that write
 * through the page cache one after the other do not empty the lists each time.
 *
 * <p>Once all lists have been emptied none holds a claim until the gate is opened: a thread that
 * found it open was in the list's monitor before that list was emptied, and its claim was taken
 * over.
 *
 * <p>Thread-safe. The gate is moved under the monitor of {@link PageClaims}, which is taken before
 * one of these and never within one. Nothing waits or is allocated in them.
 */
class DirectClaims {
  /** Ends of lists that go in a circle; each is the monitor of its list. */
  private final PageClaim[] lists = new PageClaim[StripedCount.STRIPES];

  private volatile boolean isOpen = true;

  DirectClaims() {
    for (int i = 0; i < lists.length; i++) {
      lists[i] = new PageClaim();
    }
  }

  /** Claims. False if it may exclude something. */
  boolean tryHold(PageClaim claim) {
    if (!isOpen || claim.hasCached()) {
      return false;
    }
    PageClaim list = lists[StripedCount.ofThread()];
    synchronized (list) {
      if (!isOpen) {
        return false;
      }
      claim.expectGone();
      list.append(claim);
      claim.putOn(list);
      claim.become(PageClaim.State.HELD);
    }
    return true;
  }

  /** Gives a claim back. False if it is on none of these lists. */
  boolean tryRelease(PageClaim claim) {
    PageClaim list = claim.list();
    if (list == null) {
      return false;
    }
    synchronized (list) {
      if (claim.list() == null) {
        return false; // Taken over meanwhile.
      }
      claim.unlink();
      claim.putOn(null);
      claim.become(PageClaim.State.GONE);
    }
    return true;
  }

  /**
   * Shuts the gate, and takes all claims over.
   *
   * @param to the end of the list that they come to
   * @return how many there were
   */
  int shut(PageClaim to) {
    isOpen = false;
    int taken = 0;
    for (PageClaim list : lists) {
      synchronized (list) {
        for (PageClaim claim; (claim = list.next()) != list; taken++) {
          claim.unlink();
          to.append(claim);
          claim.putOn(null);
        }
      }
      emptied();
    }
    return taken;
  }

  /** Called when one list has been emptied. For tests, which let other threads in here. */
  void emptied() {}

  /** Whether the gate is open. By a holder of the monitor of {@link PageClaims}. */
  boolean isOpen() {
    return isOpen;
  }

  /** Opens the gate again: nothing on the file goes through the page cache any more. */
  void open() {
    isOpen = true;
  }
}
