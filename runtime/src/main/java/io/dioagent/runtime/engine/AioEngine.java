package io.dioagent.runtime.engine;

/** A way of taking writes to the device: makes contexts and page caches. Thread-safe. */
public interface AioEngine {
  /**
   * Makes a context.
   *
   * @param depth I/Os that it can have in flight
   * @throws AioUnavailableException if the kernel refuses; the message has the reason and the
   *     remedy
   */
  AioContext open(int depth) throws AioUnavailableException;

  /**
   * Finds out whether contexts can be made.
   *
   * @param depth as of {@link #open}
   * @throws AioUnavailableException as from {@link #open}
   */
  default void probe(int depth) throws AioUnavailableException {
    open(depth).close();
  }

  /**
   * Returns access to the page cache, for one thread at a time. An engine around another one
   * delegates to it.
   */
  default PageCache pageCache() {
    return new KernelPageCache();
  }
}
