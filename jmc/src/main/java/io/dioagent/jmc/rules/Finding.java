package io.dioagent.jmc.rules;

import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * The result of a rule.
 *
 * @param severity the severity that JMC shows
 * @param summary one sentence with the event, its number and its place
 * @param explanation the meaning; null if there is nothing to explain
 * @param solution the advice; null if there is nothing to do
 */
record Finding(Severity severity, String summary, String explanation, String solution) {

  /** Returns the result for a recording that does not allow a judgement. */
  static Finding notApplicable(String why) {
    return new Finding(Severity.NA, why, null, null);
  }

  /** Returns the result for a recording without this defect. */
  static Finding ok(String summary) {
    return new Finding(Severity.OK, summary, null, null);
  }
}
