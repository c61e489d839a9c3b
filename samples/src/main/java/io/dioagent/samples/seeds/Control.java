package io.dioagent.samples.seeds;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Controls when the steps of a request are taken. */
interface Control {
  /** Returns the lock of the request's completion policy. */
  Lock lock();

  /** Called before each step that is taken without the lock. */
  void step();

  /** Called when the request has been answered and freed: no thread may access it any more. */
  void freed();

  /** Returns a control that never blocks a step. */
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
