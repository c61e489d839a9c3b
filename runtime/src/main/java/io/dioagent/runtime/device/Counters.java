package io.dioagent.runtime.device;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.base.StripedCount;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters behind {@link Statistics}. Thread-safe. Uses no adders, which allocate under
 * contention.
 */
final class Counters {
  final StripedCount writes = new StripedCount();
  final StripedCount directBytes = new StripedCount();
  final StripedCount bufferedBytes = new StripedCount();
  final AtomicLong errors = new AtomicLong();
  final AtomicLong lost = new AtomicLong();
  final AtomicLong late = new AtomicLong();
  final AtomicLong notStarted = new AtomicLong();
  final AtomicLong duplicates = new AtomicLong();
  final AtomicLong unknown = new AtomicLong();
  final AtomicLong collisions = new AtomicLong();
  final AtomicInteger openFiles = new AtomicInteger();
}
