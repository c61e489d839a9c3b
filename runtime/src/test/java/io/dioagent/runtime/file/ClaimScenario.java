package io.dioagent.runtime.file;

import io.dioagent.runtime.base.Limit;
import java.util.concurrent.TimeUnit;

/** Three threads whose claims share pages, one of which gives up now and then. */
public final class ClaimScenario implements Runnable {
  private static final int PAGES = 3;
  private static final long PAGE_BYTES = 4096;
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

  private final PageClaims claims = new PageClaims();

  /** Holders of each page, by its way. */
  private final int[] direct = new int[PAGES];

  private final int[] cached = new int[PAGES];

  @Override
  public void run() {
    long start = System.nanoTime();
    Thread one =
        new Thread(
            () -> {
              use(true, 0, 2, Limit.FOREVER);
              use(true, 0, 2, Limit.FOREVER);
            });
    Thread two =
        new Thread(
            () -> {
              use(true, 1, 2, Limit.FOREVER);
              use(false, 0, 1, Limit.NOW);
            });
    one.start();
    two.start();
    use(false, 1, 1, Limit.FOREVER);
    use(false, 1, 2, Limit.FOREVER);
    try {
      one.join();
      two.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    long took = System.nanoTime() - start;
    if (took > PROMPT_NANOS) {
      throw new AssertionError("a wait was not notified: it took " + took / 1000 + " us");
    }
    PageClaim all = PageClaim.cachedFile();
    if (claims.hasWaiting() || !claims.tryClaim(all)) {
      throw new AssertionError("a claim is left");
    }
    claims.release(all);
  }

  @SuppressWarnings("ThreadPriorityCheck") // A step at which another thread may go on.
  private void use(boolean isDirect, int from, int count, Limit limit) {
    PageClaim claim = new PageClaim();
    claim.add(from * PAGE_BYTES, count * PAGE_BYTES, isDirect);
    if (claims.claim(claim) || claims.await(claim, limit)) {
      enter(isDirect, from, count);
      Thread.yield();
      leave(isDirect, from, count);
    }
    claims.release(claim);
  }

  private synchronized void enter(boolean isDirect, int from, int count) {
    int[] mine = isDirect ? direct : cached;
    int[] others = isDirect ? cached : direct;
    for (int page = from; page < from + count; page++) {
      mine[page]++;
      if (others[page] > 0) {
        throw new AssertionError("page " + page + " is written both ways");
      }
    }
  }

  private synchronized void leave(boolean isDirect, int from, int count) {
    for (int page = from; page < from + count; page++) {
      (isDirect ? direct : cached)[page]--;
    }
  }
}
