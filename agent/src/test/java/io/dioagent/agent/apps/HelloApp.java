package io.dioagent.agent.apps;

/** Prints a line in its main. */
public final class HelloApp {
  private HelloApp() {}

  /** Prints one line. */
  public static void main(String[] arguments) {
    System.out.println("main ran");
  }
}
