package io.dioagent.samples.stress;

import io.dioagent.runtime.EventSink;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.LongAdder;

/** Counts the I/Os that a fault has lost for good, as it passes events on. Thread-safe. */
final class FaultHits {
  private final LongAdder lost = new LongAdder();
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
    if (FaultRule.parse(rule).kind() == FaultKind.LOSE) {
      lost.increment();
    }
  }

  EventSink sink() {
    return sink;
  }

  /** I/Os whose completion never comes. */
  long lost() {
    return lost.sum();
  }
}
