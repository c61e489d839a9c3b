package io.dioagent.agent.install;

import io.dioagent.agent.hook.FileHook;
import io.dioagent.agent.live.LiveAgent;
import io.dioagent.agent.live.Registration;
import io.dioagent.agent.weave.Weaver;

/**
 * The parts of an installed agent.
 *
 * @param live null after uninstalling if the hook has to stay for files that the application has
 *     locked; so is management
 * @param management null also where this JVM has no JMX
 */
record Installed(FileHook hook, Weaver weaver, LiveAgent live, Registration management) {
  boolean isStopped() {
    return live == null;
  }

  Installed stopped() {
    return new Installed(hook, weaver, null, null);
  }
}
