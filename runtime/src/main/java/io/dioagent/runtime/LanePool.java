package io.dioagent.runtime;

import io.dioagent.runtime.aio.AioContext;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.AioUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lanes, lent to one writer at a time and made as they are needed. Where the engine has no context
 * at all, lanes without one. Thread-safe; everything is guarded by the lock.
 */
final class LanePool {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A lane's number has 16 bits in an id; this many writers at once is far below that. */
  private static final int MAX_LANES = 4096;

  private final AioEngine engine;
  private final int depth;
  private final Ledger.Anomalies anomalies;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final ArrayDeque<Lane> free = new ArrayDeque<>();
  private final ArrayDeque<Lane> freeWithoutContext = new ArrayDeque<>();
  private final List<Lane> all = new ArrayList<>();
  private StallWatch stalls;
  private int lastIndex;
  private int withContext;
  private AioUnavailableException unavailable;
  private long retryAtNanoTime;
  private boolean closed;

  LanePool(AioEngine engine, int depth, Ledger.Anomalies anomalies) {
    this.engine = engine;
    this.depth = depth;
    this.anomalies = anomalies;
  }

  /**
   * Borrows a lane; an interrupt does not end the wait.
   *
   * @return null if there was none within the limit
   */
  Lane borrow(Limit limit) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (true) {
        Lane lane = free.pollLast();
        if (lane == null && all.size() < MAX_LANES) {
          lane = tryMake();
        }
        if (lane == null && withContext == 0) {
          lane = freeWithoutContext.pollLast();
          if (lane == null && all.size() < MAX_LANES) {
            lane = add(depth, depth, null);
          }
        }
        if (lane != null) {
          return lane;
        }
        try {
          long left = limit.leftNanos();
          if (left <= 0) {
            return null;
          }
          returned.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Makes a lane for one owner, who closes it; without a context if the kernel gives none. */
  Lane make(int slots) {
    return make(slots, slots);
  }

  /** The same, where completions are taken in small numbers. */
  Lane make(int slots, int reapMost) {
    lock.lock();
    try {
      AioContext context = null;
      try {
        context = engine.open(slots);
      } catch (AioUnavailableException e) {
        unavailable = e;
      }
      return add(slots, reapMost, context);
    } finally {
      lock.unlock();
    }
  }

  /** Closes a lane of {@link #make} that has nothing in flight. */
  void dispose(Lane lane) {
    lock.lock();
    try {
      all.remove(lane);
    } finally {
      lock.unlock();
    }
    lane.close();
  }

  private Lane tryMake() {
    long now = System.nanoTime();
    if (unavailable != null && now - retryAtNanoTime < 0) {
      return null;
    }
    try {
      Lane lane = add(depth, depth, engine.open(depth));
      withContext++;
      unavailable = null;
      return lane;
    } catch (AioUnavailableException e) {
      unavailable = e;
      retryAtNanoTime = now + RETRY_NANOS;
      return null;
    }
  }

  private Lane add(int slots, int reapMost, AioContext context) {
    Lane lane = new Lane(++lastIndex, slots, reapMost, context, engine.pageCache(), anomalies);
    lane.watch(stalls);
    all.add(lane);
    return lane;
  }

  /** Gives a lane back that has nothing in flight. */
  void giveBack(Lane lane) {
    lane.use(null);
    lock.lock();
    try {
      if (lane.inFlight() != 0) {
        throw new IllegalStateException("lane given back with " + lane.inFlight() + " in flight");
      }
      if (closed) {
        lane.close();
        return;
      }
      (lane.canGoDirect() ? free : freeWithoutContext).addLast(lane);
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Why there is no lane that can go direct; null if there is one. */
  String whyNotDirect() {
    lock.lock();
    try {
      return withContext > 0 || unavailable == null ? null : unavailable.getMessage();
    } finally {
      lock.unlock();
    }
  }

  /** Adds what all lanes are in use for. */
  void addInFlight(Collection<InFlightRequest> requests) {
    forEach(
        lane -> {
          InFlightSource user = lane.user();
          if (user != null) {
            user.addInFlight(requests);
          }
        });
  }

  /** Calls a consumer with each lane, outside the lock. */
  void forEach(Consumer<Lane> consumer) {
    List<Lane> lanes;
    lock.lock();
    try {
      lanes = List.copyOf(all);
    } finally {
      lock.unlock();
    }
    lanes.forEach(consumer);
  }

  /** From now on lanes are made with their submissions watched. */
  void watch(StallWatch newStalls) {
    lock.lock();
    try {
      stalls = newStalls;
    } finally {
      lock.unlock();
    }
  }

  int inFlight() {
    lock.lock();
    try {
      int sum = 0;
      for (Lane lane : all) {
        sum += lane.inFlight();
      }
      return sum;
    } finally {
      lock.unlock();
    }
  }

  /** Closes the free lanes now and the others as they come back. */
  void close() {
    lock.lock();
    try {
      closed = true;
      free.forEach(Lane::close);
      freeWithoutContext.forEach(Lane::close);
      free.clear();
      freeWithoutContext.clear();
    } finally {
      lock.unlock();
    }
  }
}
