package io.dioagent.samples.stress;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts injected faults in a stream of events, which it passes on. Thread-safe. */
final class FaultHits {
  private final Map<FaultKind, LongAdder> hits = new ConcurrentHashMap<>();
  private final Set<Long> lostRequests = ConcurrentHashMap.newKeySet();
  private final EventSink sink;

  FaultHits(EventSink events) {
    sink =
        (EventSink)
            Proxy.newProxyInstance(
                EventSink.class.getClassLoader(),
                new Class<?>[] {EventSink.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("faultInjected")) {
                    count((RequestInfo) arguments[0], (String) arguments[1]);
                  }
                  try {
                    return method.invoke(events, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  private void count(RequestInfo range, String rule) {
    FaultKind kind = FaultRule.parse(rule).kind();
    if (kind == FaultKind.LOSE) {
      lostRequests.add(range.requestId());
    }
    hits.computeIfAbsent(kind, first -> new LongAdder()).increment();
  }

  EventSink sink() {
    return sink;
  }

  Map<FaultKind, Long> byKind() {
    Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
    hits.forEach((kind, count) -> counts.put(kind, count.sum()));
    return counts;
  }

  /** Returns how many requests have an I/O that never ends. */
  long lostRequests() {
    return lostRequests.size();
  }

  /** Returns how many I/Os never end. A buffered one does not occupy the ring. */
  long lostIos() {
    return byKind().getOrDefault(FaultKind.LOSE, 0L);
  }
}
