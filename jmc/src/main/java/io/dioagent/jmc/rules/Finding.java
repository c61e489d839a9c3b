package io.dioagent.jmc.rules;

import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * What a rule came to.
 *
 * @param severity how bad it is
 * @param summary one sentence: what happened, how often, where
 * @param explanation what it means; null if there is nothing to explain
 * @param solution what to do about it; null if there is nothing to do
 */
record Finding(Severity severity, String summary, String explanation, String solution) {

  /** The recording cannot tell. */
  static Finding notApplicable(String why) {
    return new Finding(Severity.NA, why, null, null);
  }

  /** Nothing is wrong. */
  static Finding ok(String summary) {
    return new Finding(Severity.OK, summary, null, null);
  }
}
