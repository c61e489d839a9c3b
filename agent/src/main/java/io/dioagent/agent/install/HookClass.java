package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/** Defines {@code sun.nio.ch.DioHook} in java.base, once per JVM. */
final class HookClass {
  private static final String NAME = "sun.nio.ch.DioHook";

  /** The class file, kept in the agent's module under a name that is not a class's. */
  private static final String RESOURCE = "io/dioagent/agent/install/DioHook.bin";

  /** sun.nio.ch.DioHook.ABI of the class this agent brings. */
  private static final int EXPECTED_ABI = 6;

  /** A class of the same package, which is always loaded early or cheap to load. */
  private static final String NEIGHBOUR = "sun.nio.ch.FileChannelImpl";

  private HookClass() {}

  /** Whether an agent has been in this JVM. */
  static boolean isDefined() {
    try {
      Class<?> unused = Class.forName(NAME, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Defines the class, unless an agent was in this JVM before; then checks that its class is the
   * same.
   *
   * @throws AgentException if that agent is of another version
   */
  static synchronized void define() throws AgentException {
    try {
      Class<?> existing = Class.forName(NAME, false, null);
      int abi = existing.getField("ABI").getInt(null);
      if (abi != EXPECTED_ABI) {
        throw new AgentException(
            "another version of dio-agent was loaded into this JVM before (hook "
                + abi
                + ", expected "
                + EXPECTED_ABI
                + "); restart the JVM");
      }
    } catch (ClassNotFoundException e) {
      defineFirst();
    } catch (ReflectiveOperationException e) {
      throw new AgentException("cannot read " + NAME + ": " + e, e);
    }
  }

  private static void defineFirst() throws AgentException {
    try (InputStream in = OwnResources.open(HookClass.class.getModule(), RESOURCE)) {
      Class<?> neighbour = Class.forName(NEIGHBOUR, false, null);
      Class<?> unused =
          MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
              .defineClass(in.readAllBytes());
    } catch (IOException | ReflectiveOperationException | LinkageError e) {
      throw new AgentException("cannot define " + NAME + ": " + e, e);
    }
  }
}
