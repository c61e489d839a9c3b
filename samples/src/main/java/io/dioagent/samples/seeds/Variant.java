package io.dioagent.samples.seeds;

import java.util.List;

/**
 * One way to run a sample.
 *
 * @param name as in the recording's file name
 * @param broken whether the defect must show; otherwise it must not
 * @param expected in one line, what has to happen
 */
record Variant(String name, boolean broken, String expected) {

  /** The usual two. */
  static List<Variant> brokenAndFixed(String expectedBroken, String expectedFixed) {
    return List.of(
        new Variant("broken", true, expectedBroken), new Variant("fixed", false, expectedFixed));
  }
}
