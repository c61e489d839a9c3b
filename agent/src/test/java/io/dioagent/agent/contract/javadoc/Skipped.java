package io.dioagent.agent.contract.javadoc;

/** A case cannot be run here. */
final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Has the reason, to be printed. */
  Skipped(String reason) {
    super(reason);
  }
}
