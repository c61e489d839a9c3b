package io.dioagent.agent.apps;

/** Says that its main ran. */
public final class HelloApp {
  private HelloApp() {}

  /** Prints one line. */
  public static void main(String[] arguments) {
    System.out.println("main ran");
  }
}
