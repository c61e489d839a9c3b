package io.dioagent.agent.boot;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ServiceLoader;
import java.util.function.BiFunction;

/**
 * The agent in its layer. The layer is opened once in a JVM, because JFR and JNA would keep each
 * one. No field here refers to it, because applications could read that: it is found in the JVM's
 * list of classes.
 *
 * <p>The agent's module exports nothing to this class's module, which is the application's, too. So
 * it is called as the provider of a JDK service.
 */
final class LoadedAgent {
  private static final String AGENT_CLASS = "io.dioagent.agent.Agent";

  /**
   * A package of java.base that is open to the agent's module only, unless the command line opens
   * it.
   */
  private static final String OPENED_PACKAGE = "sun.nio.ch";

  private final BiFunction<Instrumentation, String[], String> agent;

  private LoadedAgent(BiFunction<Instrumentation, String[], String> agent) {
    this.agent = agent;
  }

  /** Returns the agent that this JVM has, or a new one. */
  static LoadedAgent of(Instrumentation instrumentation) throws IOException {
    ModuleLayer layer = layerOrNull(instrumentation);
    return new LoadedAgent(entry(layer == null ? AgentLayer.ofAgent().layer() : layer));
  }

  /** Returns null, or one line with the error. */
  String start(String options, Instrumentation instrumentation) {
    String version = String.valueOf(LoadedAgent.class.getPackage().getImplementationVersion());
    return agent.apply(instrumentation, new String[] {"start", options, version});
  }

  /** Returns null, or one line with the error. */
  String stop(Instrumentation instrumentation) {
    return agent.apply(instrumentation, new String[] {"stop"});
  }

  private static ModuleLayer layerOrNull(Instrumentation instrumentation) {
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().equals(AGENT_CLASS) && isAgent(loaded.getModule())) {
        return loaded.getModule().getLayer();
      }
    }
    return null;
  }

  /**
   * Checks the module, because an application may have a class of this name to obtain the JVM's
   * object.
   */
  private static boolean isAgent(Module module) {
    return module.isNamed()
        && module.getLayer() != ModuleLayer.boot()
        && Object.class.getModule().isOpen(OPENED_PACKAGE, module);
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private static BiFunction<Instrumentation, String[], String> entry(ModuleLayer layer) {
    for (BiFunction provider : ServiceLoader.load(layer, BiFunction.class)) {
      if (provider.getClass().getModule().getLayer() == layer) {
        return provider;
      }
    }
    throw new IllegalStateException(AGENT_CLASS + " is not in the agent's jar");
  }
}
