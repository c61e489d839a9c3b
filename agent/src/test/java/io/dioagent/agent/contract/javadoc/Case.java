package io.dioagent.agent.contract.javadoc;

/**
 * A sentence of the Javadoc, and the actions that check whether it holds.
 *
 * @param number from 1 on
 * @param documented the class with the Javadoc
 * @param sentence as it stands there, without markup; or the part of it that is checked
 * @param sinceFeature the first JDK with the documented feature
 * @param body the actions
 */
public record Case(int number, Class<?> documented, String sentence, int sinceFeature, Body body) {

  /** The actions on one side. Run in a separate thread. */
  @FunctionalInterface
  public interface Body {
    /** Runs the actions; an exception is recorded as an unexpected result. */
    void run(Side side, Seen seen) throws Exception;
  }

  @Override
  public String toString() {
    return number + " " + documented.getSimpleName() + ": " + sentence;
  }
}
