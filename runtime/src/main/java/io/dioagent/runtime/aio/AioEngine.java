package io.dioagent.runtime.aio;

/** Makes contexts. Thread-safe. */
public interface AioEngine {
  /**
   * Makes a context.
   *
   * @param depth I/Os that it can have in flight
   * @throws AioUnavailableException if the kernel refuses
   */
  AioContext open(int depth) throws AioUnavailableException;
}
