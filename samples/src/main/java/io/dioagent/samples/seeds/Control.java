package io.dioagent.samples.seeds;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Who may hold up the steps of a request. */
interface Control {
  /** The lock of the request's completion policy. */
  Lock lock();

  /** Called before each step that is taken without the lock. */
  void step();

  /** The request has been answered, so that it is freed: nobody may look at it any more. */
  void freed();

  /** Nobody. */
  static Control none() {
    ReentrantLock lock = new ReentrantLock();
    return new Control() {
      @Override
      public Lock lock() {
        return lock;
      }

      @Override
      public void step() {}

      @Override
      public void freed() {}
    };
  }
}
