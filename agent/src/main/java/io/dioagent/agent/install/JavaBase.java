package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import java.lang.instrument.Instrumentation;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Grants the agent's module access to java.base. Only that module gets it, never the application's
 * classes.
 */
final class JavaBase {
  /** The package of the hook class. */
  private static final String CHANNELS = "sun.nio.ch";

  /** For Module.implAddEnableNativeAccess. */
  private static final String LANG = "java.lang";

  /** For {@link AgentProperties}, and for pinning virtual threads. */
  private static final String VM = "jdk.internal.vm";

  private static final int FIRST_WITH_NATIVE_ACCESS = 22;

  private JavaBase() {}

  /** Opens the packages above to the agent's module. */
  static void open(Instrumentation instrumentation) {
    Module base = Object.class.getModule();
    Set<Module> agent = Collections.singleton(JavaBase.class.getModule());
    Map<String, Set<Module>> opens = new HashMap<>();
    for (String name : new String[] {CHANNELS, LANG, VM}) {
      if (base.getPackages().contains(name)) {
        opens.put(name, agent);
      }
    }
    instrumentation.redefineModule(
        base, new HashSet<>(), new HashMap<>(), opens, new HashSet<>(), new HashMap<>());
  }

  /**
   * Lets a module load native code without the warning that JDKs from release 24 on print. The
   * manifest cannot grant that: the JDK does not consult an agent's.
   */
  static void enableNativeAccess(Module module) throws AgentException {
    if (Runtime.version().feature() < FIRST_WITH_NATIVE_ACCESS) {
      return;
    }
    try {
      var method = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
      method.setAccessible(true);
      Object unused = method.invoke(module);
    } catch (ReflectiveOperationException e) {
      throw new AgentException("cannot grant native access to " + module + ": " + e, e);
    }
  }
}
