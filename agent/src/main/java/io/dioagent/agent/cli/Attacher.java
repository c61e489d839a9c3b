package io.dioagent.agent.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.File;
import java.io.IOException;

/** What needs the module jdk.attach; not to be loaded without it. */
final class Attacher {
  /** Where the target's AgentBoot leaves its error: the attach protocol carries no message. */
  private static final String ERROR_PROPERTY = "io.dioagent.attach.error";

  private Attacher() {}

  /** Loads a jar into a process. */
  static void attach(String pid, File jar, String options) throws CommandException {
    try {
      VirtualMachine machine = VirtualMachine.attach(pid);
      try {
        load(machine, jar, options);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | IOException e) {
      throw new CommandException("cannot attach to process " + pid + ": " + oneLine(e), e);
    }
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
