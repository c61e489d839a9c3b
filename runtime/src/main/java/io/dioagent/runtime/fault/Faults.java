package io.dioagent.runtime.fault;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.Linux;
import java.util.List;
import java.util.function.Predicate;

/** The rules, checked in order; the first that strikes is reported. Thread-safe. */
final class Faults {
  private final List<FaultRule> rules;
  private final EventSink events;

  Faults(List<FaultRule> rules, EventSink events) {
    this.rules = List.copyOf(rules);
    this.events = events;
  }

  /** Returns the rule of some kinds that strikes a range; null if none does. */
  FaultRule striking(RequestInfo range, Predicate<FaultKind> kinds) {
    for (FaultRule rule : rules) {
      if (kinds.test(rule.kind()) && rule.strikes(range)) {
        events.faultInjected(range, rule.toString());
        return rule;
      }
    }
    return null;
  }

  /** Returns whether a rule of some kinds may strike a range. */
  boolean mayStrike(RequestInfo range, Predicate<FaultKind> kinds) {
    for (FaultRule rule : rules) {
      if (kinds.test(rule.kind()) && rule.mayStrike(range)) {
        return true;
      }
    }
    return false;
  }

  /** Blocks as a system call that does not return: an interrupt does not end it. */
  static void block(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left; (left = until - System.nanoTime()) > 0; ) {
      Linux.sleepInKernel(left);
    }
  }
}
