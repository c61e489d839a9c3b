package io.dioagent.runtime.async;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The results of ended writes until their handlers have been called: by the reaper, or by a thread
 * that is started for it.
 *
 * <p>Thread-safe without a lock: a concurrent queue, and a list that is linked by compare-and-set.
 */
final class Deliveries {
  private final AsyncWriter writer;

  private final ConcurrentLinkedQueue<Delivery> toDeliver = new ConcurrentLinkedQueue<>();

  /** Results for which there was no memory for a place in the queue: linked. */
  private final AtomicReference<Delivery> unqueued = new AtomicReference<>();

  private final Runnable deliverAll = this::deliverAll;

  /** A thread was asked to deliver, and has not begun. */
  private final AtomicBoolean delivererComes = new AtomicBoolean();

  Deliveries(AsyncWriter writer) {
    this.writer = writer;
  }

  /** Adds the result of an ended write. Throws nothing. */
  void add(Delivery delivery) {
    boolean added = false;
    try {
      added = toDeliver.add(delivery);
    } catch (OutOfMemoryError e) {
      return; // Not before it is on the other list.
    } finally {
      if (!added) {
        deliverLater(delivery);
      }
    }
  }

  /**
   * Without memory to deliver a result: it is delivered by the watchdog's next round, or by an
   * earlier delivery.
   */
  void deliverLater(Delivery delivery) {
    do {
      delivery.setNextUnqueued(unqueued.get());
    } while (!unqueued.compareAndSet(delivery.nextUnqueued(), delivery));
  }

  /** Has another thread deliver, unless one is about to begin. */
  void deliverElsewhere() {
    if (!delivererComes.compareAndSet(false, true)) {
      return;
    }
    try {
      writer.startThread(deliverAll);
    } catch (OutOfMemoryError e) {
      // The system has no more threads: the reaper delivers it, or the watchdog tries again.
      delivererComes.set(false);
    }
  }

  private void deliverAll() {
    delivererComes.set(false);
    for (Delivery next; (next = toDeliver.poll()) != null; ) {
      next.deliver();
    }
    deliverUnqueued();
  }

  void deliverUnqueued() {
    for (Delivery one = unqueued.getAndSet(null); one != null; ) {
      Delivery next = one.nextUnqueued();
      one.deliver();
      one = next;
    }
  }

  boolean isAllDelivered() {
    return toDeliver.isEmpty() && unqueued.get() == null;
  }

  boolean hasUnqueued() {
    return unqueued.get() != null;
  }

  /** The oldest result in the queue; null if it is empty. */
  Delivery first() {
    return toDeliver.peek();
  }

  /** Removes and returns the oldest result in the queue; null if it is empty. */
  Delivery poll() {
    return toDeliver.poll();
  }
}
