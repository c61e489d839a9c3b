package io.dioagent.agent.boot;

/** Checks whether the agent knows this machine's kernel ABI. */
final class SupportedPlatform {
  private SupportedPlatform() {}

  /** Returns null, or one line that says what is not supported and what is. */
  static String whyNot() {
    String os = System.getProperty("os.name");
    if (!"Linux".equals(os)) {
      return "the operating system is " + os + ", expected Linux";
    }
    String architecture = System.getProperty("os.arch");
    if (!"amd64".equals(architecture) && !"aarch64".equals(architecture)) {
      return "the architecture is " + architecture + ", expected amd64 or aarch64";
    }
    return null;
  }
}
