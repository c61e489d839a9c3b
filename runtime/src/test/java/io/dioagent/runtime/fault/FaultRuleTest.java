package io.dioagent.runtime.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.RequestInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultRuleTest {
  private static RequestInfo block(String path, long offset) {
    return new RequestInfo(1, path, offset, 1);
  }

  @Test
  void kinds() {
    for (FaultKind kind : FaultKind.values()) {
      FaultRule rule = FaultRule.parse(kind.option());
      assertEquals(kind, rule.kind());
      assertEquals(kind.option(), rule.toString());
      assertTrue(rule.strikes(block("/any", 123)), "without conditions it strikes everywhere");
    }
  }

  @Test
  void conditions() {
    FaultRule rule = FaultRule.parse("eio:path=/data/**.log:offset=4k-1m:count=2");
    assertFalse(rule.strikes(block("/data/a.txt", 4096)));
    assertFalse(rule.strikes(block("/other/a.log", 4096)));
    assertFalse(rule.strikes(block("/data/a.log", 4095)));
    assertFalse(rule.strikes(block("/data/a.log", 1 << 20)), "the end is not in it");
    assertTrue(rule.strikes(block("/data/a.log", 4096)));
    assertTrue(rule.strikes(block("/data/x/y.log", (1 << 20) - 1)));
    assertFalse(rule.strikes(block("/data/a.log", 4096)), "twice is all");
  }

  @Test
  void aWriteIsStruckByAnyByteOfTheRange() {
    FaultRule rule = FaultRule.parse("eio:offset=8k-12k");
    assertTrue(rule.mayStrike(new RequestInfo(1, "/f", 0, 65536)));
    assertTrue(rule.mayStrike(new RequestInfo(1, "/f", 8191, 2)));
    assertFalse(rule.mayStrike(new RequestInfo(1, "/f", 0, 8192)));
    assertFalse(rule.mayStrike(new RequestInfo(1, "/f", 12288, 4096)));
    assertFalse(rule.mayStrike(new RequestInfo(1, "/f", -1, 1 << 20)), "the offset is unknown");
    assertFalse(FaultRule.parse("eio:offset=0-4k").mayStrike(new RequestInfo(1, "/f", -1, 10)));
    assertTrue(FaultRule.parse("eio").mayStrike(new RequestInfo(1, "/f", -1, 1)));
  }

  @Test
  void tags() {
    FaultRule.Tags tags = name -> name.equals("log") ? path -> path.endsWith(".log") : null;
    FaultRule rule = FaultRule.parse("eio:tag=log", tags);
    assertTrue(rule.mayStrike(block("/data/a.log", 0)));
    assertFalse(rule.mayStrike(block("/data/a.db", 0)));
    String refused =
        assertThrows(IllegalArgumentException.class, () -> FaultRule.parse("eio:tag=db", tags))
            .getMessage();
    assertEquals("fault 'eio:tag=db': there is no tag 'db', expected one of those set", refused);
  }

  @Test
  void units() {
    FaultRule rule = FaultRule.parse("eio:offset=1g-2g");
    assertFalse(rule.strikes(block("/f", (1L << 30) - 1)));
    assertTrue(rule.strikes(block("/f", 1L << 30)));
    assertEquals(Duration.ofMillis(250), FaultRule.parse("delay:for=250ms").time());
    assertEquals(Duration.ofSeconds(3), FaultRule.parse("late:for=3s").time());
    assertEquals(Duration.ofMinutes(2), FaultRule.parse("submit-block:for=2m").time());
    assertEquals(Duration.ofMillis(100), FaultRule.parse("delay").time());
    assertEquals(Duration.ofMinutes(1), FaultRule.parse("late").time());
  }

  @Test
  void aSeedMakesARateRepeatable() {
    List<List<Boolean>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      FaultRule rule = FaultRule.parse("lose:rate=0.25:seed=42");
      List<Boolean> hits = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        hits.add(rule.strikes(block("/f", i)));
      }
      runs.add(hits);
    }
    assertEquals(runs.get(0), runs.get(1));
    long hits = runs.get(0).stream().filter(hit -> hit).count();
    assertTrue(hits > 180 && hits < 320, hits + " of 1000");
    FaultRule never = FaultRule.parse("lose:rate=0");
    for (int i = 0; i < 100; i++) {
      assertFalse(never.strikes(block("/f", i)));
    }
  }

  private static String refusal(String text) {
    return assertThrows(IllegalArgumentException.class, () -> FaultRule.parse(text)).getMessage();
  }

  @Test
  void malformedRulesAreRefused() {
    StringBuilder kinds = new StringBuilder();
    for (FaultKind kind : FaultKind.values()) {
      kinds.append(kinds.isEmpty() ? "" : ", ").append(kind.option());
    }
    assertEquals("fault is 'eoi', expected one of " + kinds, refusal("eoi"));
    assertEquals("fault is '', expected one of " + kinds, refusal(""));
    assertEquals("fault 'eio:now': 'now' is not key=value", refusal("eio:now"));
    assertEquals(
        "fault 'eio:when=1': key is 'when', expected tag, path, offset, rate, count, seed or for",
        refusal("eio:when=1"));
    for (String condition :
        new String[] {
          "rate=2",
          "rate=-1",
          "rate=NaN",
          "rate=x",
          "count=-1",
          "count=x",
          "count=",
          "seed=",
          "for=5",
          "for=",
          "for=1h",
          "for=ms",
          "offset=5",
          "offset=5-x",
          "offset=5-5",
          "offset=-",
          "offset=",
          "path=["
        }) {
      String message = refusal("eio:" + condition);
      String key = condition.substring(0, condition.indexOf('='));
      String value = condition.substring(key.length() + 1);
      assertTrue(
          message.startsWith("fault 'eio:" + condition + "': " + key + " is '" + value + "', "),
          message);
    }
  }
}
