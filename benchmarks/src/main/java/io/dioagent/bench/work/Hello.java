package io.dioagent.bench.work;

/** The smallest program, to time the start of its JVM. */
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    System.out.println("Hello");
  }
}
