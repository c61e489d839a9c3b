package io.dioagent.agent.boot;

import java.net.URL;
import java.security.AllPermission;

/** Checks what a security manager permits the agent, on JDKs that still have one. */
final class Permissions {
  private static final String CLASS_FILE = "AgentBoot.class";

  private Permissions() {}

  /** Returns null, or one line that says what the policy has to grant. */
  @SuppressWarnings("removal")
  static String missing() {
    SecurityManager manager = System.getSecurityManager();
    if (manager == null) {
      return null;
    }
    try {
      manager.checkPermission(new AllPermission());
      return null;
    } catch (SecurityException e) {
      return "there is a security manager, and its policy does not let the agent work; expected in it:"
          + " grant codeBase \""
          + codeBase()
          + "\" { permission java.security.AllPermission; };";
    }
  }

  /** Returns the code base, which the classes behind the bootstrap share. */
  private static String codeBase() {
    try {
      URL place = AgentBoot.class.getResource(CLASS_FILE);
      String path = place == null ? "" : place.getPath(); // file:/.../dio-agent.jar!/io/...
      int end = path.indexOf('!');
      return end < 0 ? "file:/.../dio-agent.jar" : path.substring(0, end);
    } catch (SecurityException e) {
      return "file:/.../dio-agent.jar";
    }
  }
}
