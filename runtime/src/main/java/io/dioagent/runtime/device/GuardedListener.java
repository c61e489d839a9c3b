package io.dioagent.runtime.device;

import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;

/**
 * Notifies a listener, if there is one, and catches everything that it throws: as {@link
 * GuardedEvents}. Allocates nothing. Thread-safe if the listener is.
 */
final class GuardedListener implements AnomalyListener {
  private volatile AnomalyListener listener;

  /** Replaces the listener; null for none. */
  void set(AnomalyListener newListener) {
    listener = newListener;
  }

  @Override
  public void lost(RequestInfo request, long ageNanos, long deadlineNanos, String reason) {
    AnomalyListener listening = listener;
    try {
      if (listening != null) {
        listening.lost(request, ageNanos, deadlineNanos, reason);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LISTENER, null, e);
    }
  }

  @Override
  public void late(RequestInfo request, long ageNanos, long result, boolean delivered) {
    AnomalyListener listening = listener;
    try {
      if (listening != null) {
        listening.late(request, ageNanos, result, delivered);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LISTENER, null, e);
    }
  }

  @Override
  public void duplicate(RequestInfo request, long ageNanos, String reason) {
    AnomalyListener listening = listener;
    try {
      if (listening != null) {
        listening.duplicate(request, ageNanos, reason);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LISTENER, null, e);
    }
  }

  @Override
  public void failed(RequestInfo request, long ageNanos, long result, String reason) {
    AnomalyListener listening = listener;
    try {
      if (listening != null) {
        listening.failed(request, ageNanos, result, reason);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LISTENER, null, e);
    }
  }
}
