package io.dioagent.runtime.engine;

/** A way of taking writes to the device: makes contexts, and what goes with them. Thread-safe. */
public interface AioEngine {
  /**
   * Makes a context.
   *
   * @param depth I/Os that it can have in flight
   * @throws AioUnavailableException if the kernel refuses; the message says why, and what to do
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

  /** The page cache, for one thread at a time. An engine around another one asks that one. */
  default PageCache pageCache() {
    return new KernelPageCache();
  }
}
