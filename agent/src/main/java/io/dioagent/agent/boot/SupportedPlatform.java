package io.dioagent.agent.boot;

/** Which machines the agent runs on: those whose kernel ABI it knows. */
final class SupportedPlatform {
  private SupportedPlatform() {}

  /** Null, or one line that says what is not supported and what is. */
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
