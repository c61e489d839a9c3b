package io.dioagent.agent.install;

import io.dioagent.agent.hook.FileHook;
import io.dioagent.agent.weave.Weaver;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.EventSink;

/**
 * What is in the JVM once the agent is installed.
 *
 * @param runtime null once it was uninstalled, where the hook has to stay for files that the
 *     application has locked
 */
record Installed(FileHook hook, Weaver weaver, DirectRuntime runtime, EventSink events) {
  boolean isStopped() {
    return runtime == null;
  }

  Installed stopped() {
    return new Installed(hook, weaver, null, null);
  }
}
