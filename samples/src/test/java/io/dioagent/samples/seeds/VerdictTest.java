package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.samples.seeds.Verdict.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Variant BROKEN = new Variant("broken", true, "");
  private static final Variant FIXED = new Variant("fixed", false, "");

  @Test
  void brokenOrHeldOrNeither() {
    assertEquals(Kind.BROKEN, Verdict.of(true, false, "").kind());
    assertEquals(Kind.HELD, Verdict.of(false, true, "").kind());
    assertEquals(Kind.UNCLEAR, Verdict.of(false, false, "").kind());
    assertEquals(Kind.UNCLEAR, Verdict.of(true, true, "").kind());
  }

  @Test
  void eachVariantExpectsItsKind() {
    for (Kind kind : Kind.values()) {
      Verdict verdict = new Verdict(kind, "");
      assertEquals(kind == Kind.BROKEN, verdict.isExpectedOf(BROKEN));
      assertEquals(kind == Kind.HELD, verdict.isExpectedOf(FIXED));
    }
  }

  /** Without facts, a judge throws. */
  @Test
  void noSampleIsJudgedWithoutFacts() {
    Outcome nothing = new Outcome(List.of(), Map.of(), List.of());
    for (Catalogue.Entry entry : Catalogue.entries()) {
      Sample sample = Catalogue.sample(entry.name());
      String message =
          assertThrows(IllegalStateException.class, () -> sample.judge(nothing)).getMessage();
      assertTrue(message.contains("is missing"), message);
      assertFalse(message.isBlank());
    }
  }
}
