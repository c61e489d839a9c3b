package io.dioagent.agent.contract.javadoc;

/** A case cannot be run here. */
final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason, to be told. */
  Skipped(String reason) {
    super(reason);
  }
}
