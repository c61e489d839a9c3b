package io.dioagent.agent.boot;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * The module layer that holds everything but this package, loaded from below {@code dio-agent/} in
 * the agent's jar by a class loader of its own whose parent is the platform's. So the application's
 * JNA or ASM, of whatever version, and the agent's never meet.
 */
final class AgentLayer {
  private static final String AGENT_MODULE = "io.dioagent.agent";

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
  static AgentLayer open() throws IOException {
    File jar = jarOf(AgentLayer.class);
    ModuleFinder finder = NestedModuleFinder.of(new ZipFile(jar), jar.toURI());
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration()
            .resolve(finder, ModuleFinder.compose(), NestedModuleFinder.names(finder));
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
