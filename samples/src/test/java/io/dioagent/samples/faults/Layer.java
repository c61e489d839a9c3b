package io.dioagent.samples.faults;

import io.dioagent.runtime.engine.EngineKind;
import java.util.Locale;

/** The layer above a fault. */
enum Layer {
  /** The runtime's API: {@code DirectFile.write}. */
  RUNTIME,
  /** The runtime's API: {@code WriteQueue}. */
  QUEUE,
  /** An unmodified application on {@code FileChannel}, with the agent. */
  AGENT;

  /** Returns the engine of all layers, set by DIO_ENGINE, which applications inherit. */
  static EngineKind engine() {
    String name = System.getenv().getOrDefault("DIO_ENGINE", "auto");
    return EngineKind.valueOf(name.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
