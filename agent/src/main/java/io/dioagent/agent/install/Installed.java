package io.dioagent.agent.install;

import io.dioagent.agent.hook.FileHook;
import io.dioagent.agent.live.LiveAgent;
import io.dioagent.agent.live.Registration;
import io.dioagent.agent.weave.Weaver;

/**
 * What is in the JVM once the agent is installed.
 *
 * @param live null once it was uninstalled, where the hook has to stay for files that the
 *     application has locked; so is management
 * @param management null where this JVM has no JMX, too
 */
record Installed(FileHook hook, Weaver weaver, LiveAgent live, Registration management) {
  boolean isStopped() {
    return live == null;
  }

  Installed stopped() {
    return new Installed(hook, weaver, null, null);
  }
}
