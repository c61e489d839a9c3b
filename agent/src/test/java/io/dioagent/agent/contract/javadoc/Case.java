package io.dioagent.agent.contract.javadoc;

/**
 * A sentence of the Javadoc, and what an application does to see whether it holds.
 *
 * @param number from 1 on
 * @param documented whose Javadoc it is in
 * @param sentence as it stands there, without markup; or the part of it that is checked
 * @param sinceFeature the first JDK that has what it is about
 * @param body what is done
 */
public record Case(int number, Class<?> documented, String sentence, int sinceFeature, Body body) {

  /** What is done on one side. Runs in a thread of its own. */
  @FunctionalInterface
  public interface Body {
    /** Whatever it throws is what was seen, and was not expected. */
    void run(Side side, Seen seen) throws Exception;
  }

  @Override
  public String toString() {
    return number + " " + documented.getSimpleName() + ": " + sentence;
  }
}
