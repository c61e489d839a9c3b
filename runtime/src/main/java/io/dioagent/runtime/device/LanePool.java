package io.dioagent.runtime.device;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lanes, lent to one writer at a time and made when needed. If the engine makes no context at all,
 * lanes have none. Thread-safe; everything is guarded by the monitor, and giving back allocates
 * nothing.
 */
public final class LanePool {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Limits the lanes of a runtime; further writers wait. A lane's number has 16 bits in an id, far
   * more than this.
   */
  private static final int MAX_LANES = 4096;

  private final AioEngine engine;
  private final int depth;
  private final Ledger.Anomalies anomalies;

  // Linked by Lane.nextFree, the latest first.

  private Lane free;
  private Lane freeWithoutContext;
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
  public Lane borrow(Limit limit) {
    boolean interrupted = false;
    try {
      synchronized (this) {
        while (true) {
          Lane lane = pollOrMake();
          if (lane != null) {
            return lane;
          }
          long left = limit.leftNanos();
          if (left <= 0) {
            return null;
          }
          interrupted |= Waits.onMonitor(this, left);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes a free lane, or makes one. As for all private methods, the caller holds the monitor. */
  private Lane pollOrMake() {
    Lane lane = free;
    if (lane != null) {
      free = lane.nextFree();
    } else if (all.size() < MAX_LANES) {
      lane = tryMake();
    }
    if (lane == null && withContext == 0) {
      lane = freeWithoutContext;
      if (lane != null) {
        freeWithoutContext = lane.nextFree();
      } else if (all.size() < MAX_LANES) {
        lane = add(depth, depth, null);
      }
    }
    return lane;
  }

  /** Makes a lane for one owner, which closes it; without a context if the kernel grants none. */
  public Lane make(int slots) {
    return make(slots, slots);
  }

  /** As {@link #make(int)}, for an owner that takes completions in small numbers. */
  public Lane make(int slots, int reapMost) {
    synchronized (this) {
      try {
        return opened(slots, reapMost);
      } catch (AioUnavailableException e) {
        unavailable = e;
      }
      return add(slots, reapMost, null);
    }
  }

  /** Closes a lane of {@link #make(int)} that has nothing in flight. */
  public void dispose(Lane lane) {
    synchronized (this) {
      all.remove(lane);
    }
    lane.close();
  }

  private Lane tryMake() {
    long now = System.nanoTime();
    if (unavailable != null && now - retryAtNanoTime < 0) {
      return null;
    }
    try {
      Lane lane = opened(depth, depth);
      withContext++;
      unavailable = null;
      return lane;
    } catch (AioUnavailableException e) {
      unavailable = e;
      retryAtNanoTime = now + RETRY_NANOS;
      return null;
    }
  }

  private Lane opened(int slots, int reapMost) throws AioUnavailableException {
    AioContext context = engine.open(slots);
    Lane made = null;
    try {
      made = add(slots, reapMost, context);
      return made;
    } finally {
      if (made == null) {
        context.close();
      }
    }
  }

  private static void closeAll(Lane first) {
    for (Lane lane = first; lane != null; lane = lane.nextFree()) {
      lane.close();
    }
  }

  private Lane add(int slots, int reapMost, AioContext context) {
    Lane lane = new Lane(++lastIndex, slots, reapMost, context, engine.pageCache(), anomalies);
    lane.watch(stalls);
    all.add(lane);
    return lane;
  }

  /** Gives back a lane that has nothing in flight. */
  public void giveBack(Lane lane) {
    lane.use(null);
    synchronized (this) {
      if (lane.inFlight() != 0) {
        throw new IllegalStateException("lane given back with " + lane.inFlight() + " in flight");
      }
      if (closed) {
        lane.close();
        return;
      }
      if (lane.canGoDirect()) {
        lane.setNextFree(free);
        free = lane;
      } else {
        lane.setNextFree(freeWithoutContext);
        freeWithoutContext = lane;
      }
      notify();
    }
  }

  /** Returns the reason why no lane can go direct; null if one can. */
  String whyNotDirect() {
    synchronized (this) {
      return withContext > 0 || unavailable == null ? null : unavailable.getMessage();
    }
  }

  /** Adds the operations that use the lanes. */
  void addInFlight(Collection<InFlightRequest> requests) {
    forEach(
        lane -> {
          InFlightSource user = lane.user();
          if (user != null) {
            user.addInFlight(requests);
          }
        });
  }

  /** Calls a consumer with each lane, outside the monitor. */
  void forEach(Consumer<Lane> consumer) {
    List<Lane> lanes;
    synchronized (this) {
      lanes = List.copyOf(all);
    }
    lanes.forEach(consumer);
  }

  /** Makes lanes whose submissions are watched, from now on. */
  void watch(StallWatch newStalls) {
    synchronized (this) {
      stalls = newStalls;
    }
  }

  int inFlight() {
    synchronized (this) {
      int sum = 0;
      for (Lane lane : all) {
        sum += lane.inFlight();
      }
      return sum;
    }
  }

  /** Closes the free lanes now and the others when they are given back. */
  void close() {
    synchronized (this) {
      closed = true;
      closeAll(free);
      closeAll(freeWithoutContext);
      free = null;
      freeWithoutContext = null;
    }
  }
}
