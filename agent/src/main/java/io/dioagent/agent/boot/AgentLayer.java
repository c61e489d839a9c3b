package io.dioagent.agent.boot;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The module layer that holds everything but this package, loaded from below {@code dio-agent/} in
 * the agent's jar. Its own class loader has the platform's as its parent. So the agent's JNA and
 * Byte Buddy never meet the application's, of whatever version.
 */
final class AgentLayer {
  private static final String AGENT_MODULE = "io.dioagent.agent";

  /** Its modules in an application, and the modules that these require. */
  private static final Set<String> AGENT =
      Set.of(AGENT_MODULE, "io.dioagent.events", "com.google.gson");

  /** The additional modules of the command line. */
  private static final Set<String> TOOLS = Set.of("info.picocli", "io.dioagent.jmc");

  private final ModuleLayer.Controller controller;

  private AgentLayer(ModuleLayer.Controller controller) {
    this.controller = controller;
  }

  /** Opens it for an application's JVM: its modules are closed to all others. */
  static AgentLayer ofAgent() throws IOException {
    return open(NestedModuleFinder.closed(AGENT), AGENT);
  }

  /** Opens it with the command line, for a JVM without an application. */
  static AgentLayer ofTools() throws IOException {
    Set<String> all = new HashSet<>(AGENT);
    all.addAll(TOOLS);
    return open(NestedModuleFinder.asBuilt(), all);
  }

  private static AgentLayer open(ModuleFinder finder, Set<String> modules) throws IOException {
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration;
    try {
      configuration = boot.configuration().resolve(finder, ModuleFinder.compose(), modules);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new AgentLayer(
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), ClassLoader.getPlatformClassLoader()));
  }

  ModuleLayer layer() {
    return controller.layer();
  }

  /** Runs the command line. Returns its exit code. */
  int runTool(String[] arguments, String version) throws ReflectiveOperationException {
    Module agent = layer().findModule(AGENT_MODULE).orElseThrow();
    ModuleLayer.Controller unused =
        controller.addExports(agent, "io.dioagent.agent.cli", AgentLayer.class.getModule());
    return (int)
        Class.forName(agent, "io.dioagent.agent.cli.Tool")
            .getMethod("run", String[].class, File.class, String.class)
            .invoke(null, arguments, AgentJar.FILE, version);
  }

  /**
   * Grants native access with {@code java -jar}, whose manifest grants it to this unnamed module.
   */
  void enableNativeAccess(String moduleName) throws ReflectiveOperationException {
    if (Runtime.version().feature() >= 22) {
      ModuleLayer.Controller.class
          .getMethod("enableNativeAccess", Module.class)
          .invoke(controller, controller.layer().findModule(moduleName).orElseThrow());
    }
  }
}
