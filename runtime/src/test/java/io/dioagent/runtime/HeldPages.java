package io.dioagent.runtime;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.GatherList;
import io.dioagent.runtime.engine.PageCache;
import java.util.HashMap;
import java.util.Map;

/** An engine around another one, whose write-backs hang or fail when a test says so. */
final class HeldPages implements AioEngine {
  private final AioEngine engine;
  private boolean held;
  private int waiting;
  private int failing;
  private int failures;

  /** How many failures each descriptor has received. */
  private final Map<Integer, Integer> received = new HashMap<>();

  HeldPages(AioEngine engine) {
    this.engine = engine;
  }

  /** Makes write-backs hang from now on. */
  synchronized void hold() {
    held = true;
  }

  /** Lets write-backs go on. */
  synchronized void letGo() {
    held = false;
    notifyAll();
  }

  /** Returns how many write-backs hang. */
  synchronized int waiting() {
    return waiting;
  }

  /** Makes so many write-backs fail from now on, as EIO does: each open file receives it once. */
  synchronized void fail(int count) {
    failing = count;
  }

  private synchronized boolean mayPass() {
    waiting++;
    try {
      while (held) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      waiting--;
    }
    boolean fails = failing > 0;
    failing -= fails ? 1 : 0;
    failures += fails ? 1 : 0;
    return !fails;
  }

  private synchronized boolean receives(int fd) {
    Integer before = received.put(fd, failures);
    return failures > (before == null ? 0 : before);
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    return engine.open(depth);
  }

  @Override
  public PageCache pageCache() {
    return new Pages(engine.pageCache());
  }

  private final class Pages implements PageCache {
    private final PageCache pages;

    Pages(PageCache pages) {
      this.pages = pages;
    }

    @Override
    public long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags) {
      return pages.write(part, fd, memory, position, rwFlags);
    }

    @Override
    public long writeBack(RequestInfo range, int fd) {
      long result = pages.writeBack(range, fd); // A page may be written again while this hangs.
      return mayPass() ? result : -Errno.EIO;
    }

    @Override
    public long standingError(int fd) {
      return receives(fd) ? -Errno.EIO : pages.standingError(fd);
    }

    @Override
    public boolean mayHold(RequestInfo range, int fd) {
      return pages.mayHold(range, fd);
    }

    @Override
    public long invalidationError(RequestInfo range, int fd) {
      return pages.invalidationError(range, fd);
    }

    @Override
    public void close() {
      pages.close();
    }
  }
}
