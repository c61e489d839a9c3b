package io.dioagent.agent.hook;

import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import java.io.IOException;

/** Targets on the direct-I/O runtime. Thread-safe. */
final class RuntimeTargets implements Targets {
  private final DirectRuntime runtime;
  private final Mode mode;

  RuntimeTargets(DirectRuntime runtime, Mode mode) {
    this.runtime = runtime;
    this.mode = mode;
  }

  @Override
  public Target adopt(int number, TagRule rule) throws IOException {
    DirectFile file = runtime.adopt(number, rule.policy());
    return mode == Mode.OBSERVE ? new ObservedTarget(file) : new DirectTarget(file);
  }
}
