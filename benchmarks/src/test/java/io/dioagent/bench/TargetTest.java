package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final Pairs PAIRS =
      new Pairs(
          List.of(90.0, 110.0, 120.0, 80.0, 100.0),
          List.of(100.0, 100.0, 80.0, 80.0, 50.0),
          List.of(0.0, 0.0, 0.0, 0.0, 0.0));

  @Test
  void ratiosAreTakenPairByPair() {
    Target target = new Target.RatioAtLeast(1.1);
    assertEquals("1.100", target.figure(PAIRS));
    assertEquals("1.00 to 1.50", target.spread(PAIRS));
    assertEquals("ok", target.verdict(PAIRS));
    assertEquals("short", new Target.RatioAtLeast(1.2).verdict(PAIRS));
  }

  @Test
  void differencesAreTakenPairByPair() {
    Target target = new Target.DifferenceAtMost(10, Unit.NANOSECONDS);
    assertEquals("1.100 (+10.0 ns)", target.figure(PAIRS));
    assertEquals("+0.0 ns to +40.0 ns", target.spread(PAIRS));
    assertEquals("ok", target.verdict(PAIRS));
    assertEquals("short", new Target.DifferenceAtMost(9.9, Unit.NANOSECONDS).verdict(PAIRS));
  }

  @Test
  void theSubjectAloneMayCount() {
    assertEquals("ok", new Target.SubjectAtMost(100, Unit.PERCENT).verdict(PAIRS));
    assertEquals("short", new Target.SubjectAtMost(99, Unit.PERCENT).verdict(PAIRS));
  }

  @Test
  void aRowWithoutTargetIsNeverShort() {
    Target target = new Target.None();
    assertEquals("info", target.verdict(PAIRS));
    assertEquals("1.100", target.figure(PAIRS));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetween() {
    assertEquals(2.5, Summary.of(List.of(4.0, 1.0, 3.0, 2.0)).median());
    assertEquals(new Summary(7, 7, 7), Summary.of(List.of(7.0)));
  }

  @Test
  void aSampleWithoutItsPeerIsNoPair() {
    assertThrows(
        IllegalArgumentException.class, () -> new Pairs(List.of(1.0), List.of(), List.of()));
  }
}
