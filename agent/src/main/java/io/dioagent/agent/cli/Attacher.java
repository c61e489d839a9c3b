package io.dioagent.agent.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Code that needs the module jdk.attach; must not be loaded without it. */
final class Attacher {
  // Properties that the target's AgentBoot and AgentProperties set for attachers.
  private static final String ERROR_PROPERTY = "io.dioagent.attach.error";
  private static final String STATUS_PROPERTY = "io.dioagent.status";
  private static final String JAVA_VERSION_PROPERTY = "java.specification.version";

  /** The JVM's own property of attachers: main class or jar, and arguments. */
  private static final String COMMAND = "sun.java.command";

  private static final String OWN_PID = String.valueOf(ProcessHandle.current().pid());
  private static final int OLDEST_JAVA = 17;

  /** Passed to the target's AgentBoot in place of options. */
  private static final String DETACH = "detach";

  private Attacher() {}

  /** An action on a process. */
  private interface Visit<T> {
    T to(VirtualMachine machine) throws IOException, CommandException;
  }

  /** Loads a jar into a process. */
  static void load(String pid, File jar, String options) throws CommandException {
    visit(
        pid,
        machine -> {
          load(machine, jar, options);
          return null;
        });
  }

  /** Removes the agent from a process. */
  static void detach(String pid, File jar) throws CommandException {
    visit(
        pid,
        machine -> {
          // Fails first if there is no agent, so that nothing is loaded in vain.
          String unused = statusOf(machine);
          load(machine, jar, DETACH);
          return null;
        });
  }

  /** Returns the status of the agent in a process, with its main class or jar as {@code main}. */
  static JsonObject status(String pid) throws CommandException {
    return visit(
        pid,
        machine -> {
          String status = statusOf(machine);
          if (!status.startsWith("{")) {
            throw new CommandException("process " + machine.id() + ": " + status, null);
          }
          JsonObject json = JsonParser.parseString(status).getAsJsonObject();
          json.addProperty("main", firstWord(machine.getAgentProperties().getProperty(COMMAND)));
          return json;
        });
  }

  /**
   * Returns the process ids of the JVMs with a main class or jar. JVMs that keep no performance
   * data (-XX:-UsePerfData) are not found.
   *
   * @param main with or without the package of the class, or the directory of the jar
   */
  static List<String> named(String main) {
    List<String> found = new ArrayList<>();
    for (VirtualMachineDescriptor jvm : VirtualMachine.list()) {
      String runs = firstWord(jvm.displayName());
      String shorter =
          runs.substring(
              Math.max(runs.lastIndexOf('/'), isJar(runs) ? -1 : runs.lastIndexOf('.')) + 1);
      if ((runs.equals(main) || shorter.equals(main)) && !jvm.id().equals(OWN_PID)) {
        found.add(jvm.id());
      }
    }
    return found;
  }

  private static boolean isJar(String main) {
    return main.endsWith(".jar");
  }

  /** Returns a command line's main class or jar; its arguments may be confidential. */
  private static String firstWord(String command) {
    return command == null ? "" : command.strip().split("\\s+", 2)[0];
  }

  private static <T> T visit(String pid, Visit<T> visit) throws CommandException {
    JvmProcess.check(pid);
    try {
      VirtualMachine machine = VirtualMachine.attach(pid);
      try {
        needJava(machine);
        return visit.to(machine);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | IOException e) {
      throw new CommandException("cannot attach to process " + pid + ": " + oneLine(e), e);
    }
  }

  /** Rejects older JVMs: they would load the jar, and report no reason of the failure. */
  private static void needJava(VirtualMachine machine) throws IOException, CommandException {
    String version = machine.getSystemProperties().getProperty(JAVA_VERSION_PROPERTY);
    // 1.8, 11, 17, ...
    if (version == null || !version.matches("[0-9]+") || Integer.parseInt(version) < OLDEST_JAVA) {
      throw new CommandException(
          "process "
              + machine.id()
              + " runs Java "
              + version
              + ", expected "
              + OLDEST_JAVA
              + " or later",
          null);
    }
  }

  private static String statusOf(VirtualMachine machine) throws IOException, CommandException {
    String status = machine.getAgentProperties().getProperty(STATUS_PROPERTY);
    if (status == null) {
      throw new CommandException(
          "process " + machine.id() + ": dio-agent is not in this JVM", null);
    }
    return status;
  }

  private static void load(VirtualMachine machine, File jar, String options)
      throws IOException, CommandException {
    try {
      machine.loadAgent(jar.getAbsolutePath(), options);
    } catch (AgentInitializationException e) {
      String error = machine.getSystemProperties().getProperty(ERROR_PROPERTY);
      throw new CommandException(
          "process " + machine.id() + ": " + (error == null ? oneLine(e) : error), e);
    } catch (AgentLoadException e) {
      throw new CommandException(
          "process " + machine.id() + " cannot load " + jar + ": " + oneLine(e), e);
    }
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replace('\n', ' ');
  }
}
