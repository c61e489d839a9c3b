package io.dioagent.samples.seeds;

import java.util.List;

/**
 * One variant of a sample.
 *
 * @param name part of the recording's file name
 * @param broken whether the defect must show or must not show
 * @param expected the expected behaviour, in one line
 */
record Variant(String name, boolean broken, String expected) {

  /** Returns the usual two variants. */
  static List<Variant> brokenAndFixed(String expectedBroken, String expectedFixed) {
    return List.of(
        new Variant("broken", true, expectedBroken), new Variant("fixed", false, expectedFixed));
  }
}
