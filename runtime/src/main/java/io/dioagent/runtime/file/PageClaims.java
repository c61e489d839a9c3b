package io.dioagent.runtime.file;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.device.Submitters;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps the requests of this JVM on one file apart where one goes through the page cache and
 * another one past it: regardless of channel, hard link, engine or thread.
 *
 * <p>The kernel orders buffered writes among themselves (the inode's lock), and direct ones need no
 * order. A buffered write beside a direct one in flight on the same page is what goes wrong: it
 * reads the page before the direct write is on the device, changes it, and writes back all of it;
 * and the direct write then cannot drop the page, and leaves an EIO with the file
 * (dio_warn_stale_pagecache) for the next wait for write-back, and for the application's fsync.
 *
 * <pre>
 * CACHED and CACHED    share a page
 * DIRECT and DIRECT    share a page
 * CACHED and DIRECT    exclude each other
 *
 * a claim    what happens                                                  next
 * GONE       claimed; excludes neither a claim that is held nor one that   HELD
 *            waits
 *            claimed, and does exclude one                                 WAITING, behind all others
 *            tried, and does exclude one                                   GONE
 * WAITING    a claim before it goes that it excludes, and there is no      HELD, and its thread is woken
 *            other one
 *            given up: the deadline has passed                             GONE
 * HELD       the request has ended: all of it is on the device, or none    GONE
 *            of it will be
 *            its caller is released, and the kernel still has some of it   HELD, until that has ended
 * </pre>
 *
 * <p>Whenever a claim goes, the claims that it held up are checked in their order. A claim never
 * overtakes one that waits and that it excludes, so that none waits for ever; it does overtake
 * those that it has no page in common with.
 *
 * <p>No deadlock: a request claims once, all its pages together, after it has its lane and its
 * memory. A request that holds a claim then waits for the device, and for one of its threads. A
 * thread that waits for a claim gives its own place back ({@link Submitters.Place}). A request that
 * has to go through the page cache after all gives its claim back first, with nothing in flight,
 * and claims anew, at the end: two that would turn in place waited for each other.
 *
 * <p>What needs no claim: reads, also those ahead, as the kernel writes back what is dirty before a
 * direct one, and drops what a buffered one has cached when a direct write ends; truncation, for
 * which the kernel waits until no direct write is in flight; write-back, which changes no page, and
 * finds none dirty under a direct write; a copy of a file, as its writes claim; a trial, whose file
 * is its own; and observed writes, of which none is direct. A mapping cannot be kept out.
 *
 * <p>Thread-safe; guarded by its monitor, in which nothing waits and nothing is allocated, and of
 * {@link DirectClaims} by those of its lists. Monitors and no lock objects: they are left also by a
 * thread whose stack ends in them.
 */
public class PageClaims {
  /** Interval at which a wait checks whether its claim is still wanted. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  // Ends of lists that go in a circle. Those that are direct throughout are on a list of their own:
  // many others of their kind do not have to look at them.

  private final PageClaim heldDirect = new PageClaim();

  /** Holds the direct claims while there is nothing that they could exclude. */
  private final DirectClaims unhindered;

  private final PageClaim heldCached = new PageClaim();

  private final PageClaim waiting = new PageClaim();

  /** Of the claims held or waiting: how many have a cached part, and how many a direct one. */
  private int cachedCount;

  private int directCount;

  PageClaims() {
    this(new DirectClaims());
  }

  PageClaims(DirectClaims unhindered) {
    this.unhindered = unhindered;
  }

  /** Claims, or takes a place in the queue. False if it has to {@link #await} its turn. */
  public final boolean claim(PageClaim claim) {
    return unhindered.tryHold(claim) || claim(claim, true);
  }

  /** Claims if that is possible at once. */
  public final boolean tryClaim(PageClaim claim) {
    return unhindered.tryHold(claim) || claim(claim, false);
  }

  private synchronized boolean claim(PageClaim claim, boolean queues) {
    claim.expectGone();
    if (claim.hasCached() && unhindered.isOpen()) {
      directCount += unhindered.shut(heldDirect);
    }
    boolean free = isFree(claim);
    if (free) {
      hold(claim);
    } else if (queues) {
      waiting.append(claim);
      claim.become(PageClaim.State.WAITING);
    }
    if (free || queues) {
      count(claim, 1);
    }
    if (cachedCount == 0) {
      unhindered.open();
    }
    return free;
  }

  private void hold(PageClaim claim) {
    (claim.hasCached() ? heldCached : heldDirect).append(claim);
    claim.become(PageClaim.State.HELD);
  }

  private void count(PageClaim claim, int change) {
    cachedCount += claim.hasCached() ? change : 0;
    directCount += claim.hasDirect() ? change : 0;
  }

  /** Whether a new claim excludes none that there is. */
  boolean isFree(PageClaim claim) {
    boolean mayExclude =
        (claim.hasDirect() && cachedCount > 0) || (claim.hasCached() && directCount > 0);
    return !mayExclude || (excludesNoneHeld(claim) && excludesNone(claim, waiting, waiting));
  }

  private boolean excludesNoneHeld(PageClaim claim) {
    return excludesNone(claim, heldCached, heldCached)
        && (!claim.hasCached() || excludesNone(claim, heldDirect, heldDirect));
  }

  /** Of a list, up to one of it that is not asked. */
  private static boolean excludesNone(PageClaim claim, PageClaim list, PageClaim end) {
    for (PageClaim other = list.next(); !other.equals(end); other = other.next()) {
      if (claim.excludes(other)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Waits for a claim that has its place in the queue; an interrupt does not end the wait.
   *
   * @return false if the limit came first; it keeps its place
   */
  final boolean await(PageClaim claim, Limit limit) {
    claim.waitBy(Thread.currentThread());
    boolean interrupted = false;
    while (!claim.isHeld()) {
      long left = limit.leftNanos();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return claim.isHeld();
  }

  /**
   * Claims and waits for as long as it takes, by a thread that may get stuck; another thread may
   * use its place on the device meanwhile.
   *
   * @param isWanted false ends the wait
   * @return false if it is not wanted any more, and is gone
   */
  public final boolean claim(PageClaim claim, BooleanSupplier isWanted) {
    if (claim(claim)) {
      return true;
    }
    Submitters.Place place = Submitters.place();
    place.leave();
    while (!await(claim, Limit.until(System.nanoTime() + LOOK_NANOS))
        || !place.takeAgain(Limit.until(System.nanoTime() + LOOK_NANOS))) {
      if (!isWanted.getAsBoolean()) {
        release(claim);
        return false;
      }
    }
    return true;
  }

  /** Gives a claim back, or gives up the wait for it; nothing if it is gone. */
  public final void release(PageClaim claim) {
    if (!unhindered.tryRelease(claim)) {
      releaseHindered(claim);
    }
  }

  private synchronized void releaseHindered(PageClaim claim) {
    if (claim.state() == PageClaim.State.GONE) {
      return;
    }
    count(claim, -1);
    PageClaim behind = claim.state() == PageClaim.State.WAITING ? claim.next() : waiting.next();
    claim.unlink();
    claim.become(PageClaim.State.GONE);
    gone(claim, behind);
  }

  /** Grants what a claim has held up, from one of the queue on. */
  void gone(PageClaim claim, PageClaim behind) {
    for (PageClaim next = behind; !next.equals(waiting); ) {
      PageClaim one = next;
      next = next.next();
      if (one.excludes(claim) && isNext(one)) {
        one.unlink();
        hold(one);
        wake(one);
      }
    }
  }

  private boolean isNext(PageClaim one) {
    return excludesNoneHeld(one) && excludesNone(one, waiting, one);
  }

  void wake(PageClaim claim) {
    LockSupport.unpark(claim.waiter());
  }

  /** Whether a claim waits. */
  public final synchronized boolean hasWaiting() {
    return !waiting.next().equals(waiting);
  }
}
