package io.dioagent.agent.install;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.OwnResources;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/** Defines {@code sun.nio.ch.DioHook} and its classes in java.base, once per JVM. */
final class HookClass {
  private static final String PACKAGE = "sun.nio.ch.";

  private static final String NAME = PACKAGE + "DioHook";

  /** In the order of their definition: once the last one is defined, all are. */
  private static final String[] CLASSES = {
    "DioStack", "DioNatives", "DioAsync", "DioCalls", "DioNotices", "DioHook"
  };

  /**
   * The class files' directory in the agent's module, where their names are not those of classes.
   */
  private static final String RESOURCES = "io/dioagent/agent/install/";

  /** sun.nio.ch.DioHook.ABI of the class this agent brings. */
  private static final int EXPECTED_ABI = 8;

  /** A class of the same package, which is always loaded early or cheap to load. */
  private static final String NEIGHBOUR = "sun.nio.ch.FileChannelImpl";

  private HookClass() {}

  /** Whether an agent has been in this JVM. */
  static boolean isDefined() {
    return isDefined(NAME);
  }

  private static boolean isDefined(String name) {
    try {
      Class<?> unused = Class.forName(name, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Defines the classes, unless an agent was in this JVM before; then checks that its classes are
   * the same.
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
    for (String name : CLASSES) {
      if (!isDefined(PACKAGE + name)) {
        define(name);
      }
    }
    try {
      for (String name : CLASSES) { // Later a thread's stack may be too short for that.
        Class<?> unused = Class.forName(PACKAGE + name, true, null);
      }
    } catch (ClassNotFoundException | LinkageError e) {
      throw new AgentException("cannot initialise the classes of " + NAME + ": " + e, e);
    }
  }

  private static void define(String name) throws AgentException {
    String resource = RESOURCES + name + ".bin";
    try (InputStream in = OwnResources.open(HookClass.class.getModule(), resource)) {
      Class<?> neighbour = Class.forName(NEIGHBOUR, false, null);
      Class<?> unused =
          MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
              .defineClass(in.readAllBytes());
    } catch (IOException | ReflectiveOperationException | LinkageError e) {
      throw new AgentException("cannot define " + PACKAGE + name + ": " + e, e);
    }
  }
}
