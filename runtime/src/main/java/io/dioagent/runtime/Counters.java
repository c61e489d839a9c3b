package io.dioagent.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What {@link Statistics} counts. Thread-safe. */
final class Counters {
  final LongAdder writes = new LongAdder();
  final LongAdder directBytes = new LongAdder();
  final LongAdder bufferedBytes = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder notStarted = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder unknown = new LongAdder();
  final LongAdder collisions = new LongAdder();
  final AtomicInteger openFiles = new AtomicInteger();
}
