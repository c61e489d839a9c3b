package io.dioagent.agent.cli;

/** What the commands that go to another JVM have in common. */
final class Pid {
  private Pid() {}

  /** Whether an argument is a process id. */
  static boolean isOne(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Makes sure that {@link Attacher} can be loaded.
   *
   * @throws CommandException if this Java runtime cannot attach
   */
  static void needAttach() throws CommandException {
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new CommandException(
          "this Java runtime has no module jdk.attach, expected one that has, such as a JDK: "
              + System.getProperty("java.home"),
          null);
    }
  }
}
