package io.dioagent.agent.contract.javadoc;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@link LockingProgram}, started at its first use. Used by one thread at a time. */
final class OtherProgram implements AutoCloseable {
  private Process process;
  private BufferedReader answers;
  private BufferedWriter commands;

  /** Holds an exclusive lock on the whole of a file, until {@link #unlock}. */
  void lock(Path file) throws IOException {
    expect("locked", ask("lock " + file));
  }

  void unlock() throws IOException {
    expect("unlocked", ask("unlock"));
  }

  /** Whether no other program has a lock on any part of a file. */
  boolean canLock(Path file) throws IOException {
    return ask("try " + file).equals("locked");
  }

  private synchronized String ask(String command) throws IOException {
    if (process == null) {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockingProgram.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      commands = process.outputWriter(StandardCharsets.UTF_8);
    }
    commands.write(command + "\n");
    commands.flush();
    return String.valueOf(answers.readLine());
  }

  private static void expect(String expected, String actual) throws IOException {
    if (!expected.equals(actual)) {
      throw new IOException("the other program answers " + actual + ", expected " + expected);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
