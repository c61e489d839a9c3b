package io.dioagent.agent.boot;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * The module layer that holds everything but this package, loaded from below {@code dio-agent/} in
 * the agent's jar by a class loader of its own whose parent is the platform's. So the application's
 * JNA or ASM, of whatever version, and the agent's never meet.
 */
final class AgentLayer {
  private static final String AGENT_MODULE = "io.dioagent.agent";

  /** What it comes with in an application; what these require comes, too. */
  private static final Set<String> AGENT =
      Set.of(AGENT_MODULE, "io.dioagent.events", "com.google.gson");

  /** What the command line needs besides. */
  private static final Set<String> TOOLS = Set.of("info.picocli", "io.dioagent.jmc");

  private final File jar;
  private final ModuleLayer.Controller controller;

  private AgentLayer(File jar, ModuleLayer.Controller controller) {
    this.jar = jar;
    this.controller = controller;
  }

  /** The agent's jar. */
  File jar() {
    return jar;
  }

  /** Opens the layer from the jar that this class comes from. The jar stays open. */
  static AgentLayer ofAgent() throws IOException {
    return open(AGENT);
  }

  /** The same, with the command line. */
  static AgentLayer ofTools() throws IOException {
    Set<String> all = new HashSet<>(AGENT);
    all.addAll(TOOLS);
    return open(all);
  }

  private static AgentLayer open(Set<String> modules) throws IOException {
    File jar = jarOf(AgentLayer.class);
    ModuleFinder finder = NestedModuleFinder.of(new ZipFile(jar), jar.toURI());
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration;
    try {
      configuration = boot.configuration().resolve(finder, ModuleFinder.compose(), modules);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new AgentLayer(
        jar,
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), ClassLoader.getPlatformClassLoader()));
  }

  Class<?> loadClass(String name) throws ClassNotFoundException {
    return controller.layer().findLoader(AGENT_MODULE).loadClass(name);
  }

  /** For {@code java -jar}, whose manifest grants native access to this unnamed module. */
  void enableNativeAccess(String moduleName) throws ReflectiveOperationException {
    if (Runtime.version().feature() >= 22) {
      ModuleLayer.Controller.class
          .getMethod("enableNativeAccess", Module.class)
          .invoke(controller, controller.layer().findModule(moduleName).orElseThrow());
    }
  }

  private static File jarOf(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    try {
      return new File(location.toURI());
    } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
      throw new IOException(
          "the agent's classes come from " + location + ", expected a jar file", e);
    }
  }
}
