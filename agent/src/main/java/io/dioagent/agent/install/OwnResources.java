package io.dioagent.agent.install;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;

/**
 * What else is in the agent's jar, by the modules' own reader: the way by URLs would open the jar
 * once more, and keep it open.
 */
final class OwnResources {
  private OwnResources() {}

  /**
   * Opens one.
   *
   * @param module one of the agent's layer
   * @param name with slashes, and none before
   * @throws IOException if it is not there
   */
  static InputStream open(Module module, String name) throws IOException {
    ResolvedModule resolved =
        module.getLayer().configuration().findModule(module.getName()).orElseThrow();
    try (ModuleReader reader = resolved.reference().open()) {
      InputStream in = reader.open(name).orElse(null);
      if (in == null) {
        throw new IOException(name + " is not in the agent's jar");
      }
      return in; // The jar stays open.
    }
  }
}
