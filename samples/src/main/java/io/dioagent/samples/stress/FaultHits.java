package io.dioagent.samples.stress;

import io.dioagent.runtime.EventSink;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the faults that strike, as it passes events on. Thread-safe. */
final class FaultHits {
  private final Map<FaultKind, LongAdder> hits = new ConcurrentHashMap<>();
  private final EventSink sink;

  FaultHits(EventSink events) {
    sink =
        (EventSink)
            Proxy.newProxyInstance(
                EventSink.class.getClassLoader(),
                new Class<?>[] {EventSink.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("faultInjected")) {
                    count((String) arguments[1]);
                  }
                  try {
                    return method.invoke(events, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  private void count(String rule) {
    hits.computeIfAbsent(FaultRule.parse(rule).kind(), kind -> new LongAdder()).increment();
  }

  EventSink sink() {
    return sink;
  }

  Map<FaultKind, Long> byKind() {
    Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
    hits.forEach((kind, count) -> counts.put(kind, count.sum()));
    return counts;
  }

  /** I/Os whose completion never comes. */
  long lost() {
    return byKind().getOrDefault(FaultKind.LOSE, 0L);
  }
}
