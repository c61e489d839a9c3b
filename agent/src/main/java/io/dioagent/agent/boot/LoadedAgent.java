package io.dioagent.agent.boot;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ServiceLoader;
import java.util.function.BiFunction;

/**
 * The agent in its layer. It is opened once in a JVM, as JFR and JNA would keep each one, and kept
 * by no field here, which applications could read: the JVM's list of classes has it.
 *
 * <p>The agent's module exports nothing to this class's module, which is the application's, too. So
 * it is called as the provider of a service of the JDK's.
 */
final class LoadedAgent {
  private static final String AGENT_CLASS = "io.dioagent.agent.Agent";

  /** To the agent's module alone java.base is open, but for what the command line opens. */
  private static final String OPENED_PACKAGE = "sun.nio.ch";

  private final BiFunction<Instrumentation, String[], String> agent;

  private LoadedAgent(BiFunction<Instrumentation, String[], String> agent) {
    this.agent = agent;
  }

  /** The agent that this JVM has, or a new one. */
  static LoadedAgent of(Instrumentation instrumentation) throws IOException {
    ModuleLayer layer = layerOrNull(instrumentation);
    return new LoadedAgent(entry(layer == null ? AgentLayer.ofAgent().layer() : layer));
  }

  /** Answers null, or one line that says what is wrong. */
  String start(String options, Instrumentation instrumentation) {
    String version = String.valueOf(LoadedAgent.class.getPackage().getImplementationVersion());
    return agent.apply(instrumentation, new String[] {"start", options, version});
  }

  /** Answers null, or one line that says what is wrong. */
  String stop(Instrumentation instrumentation) {
    return agent.apply(instrumentation, new String[] {"stop"});
  }

  private static ModuleLayer layerOrNull(Instrumentation instrumentation) {
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().equals(AGENT_CLASS) && isOurs(loaded.getModule())) {
        return loaded.getModule().getLayer();
      }
    }
    return null;
  }

  /** An application may have a class of this name, too, to be given what the JVM gives agents. */
  private static boolean isOurs(Module module) {
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
