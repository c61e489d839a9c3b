package io.dioagent.agent.contract.random;

/** The tagged file and the plain one are not the same. */
final class Difference extends Exception {
  private static final long serialVersionUID = 1L;

  Difference(String what, Object tagged, Object plain) {
    super(what + "\n  tagged: " + tagged + "\n  plain:  " + plain);
  }
}
