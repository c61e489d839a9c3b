package io.dioagent.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;

/**
 * Reads other files of the agent's jar by the modules' own reader. URLs would open the jar once
 * more, and keep it open.
 */
public final class OwnResources {
  private OwnResources() {}

  /**
   * Opens a resource.
   *
   * @param module one of the agent's layer
   * @param name with slashes, but no leading one
   * @throws IOException if it does not exist
   */
  public static InputStream open(Module module, String name) throws IOException {
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
