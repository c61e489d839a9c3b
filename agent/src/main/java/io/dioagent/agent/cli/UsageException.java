package io.dioagent.agent.cli;

/** A command was used wrongly; the message is how to use it. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the usage line, from the verb on. */
  public UsageException(String usage) {
    super(usage);
  }
}
