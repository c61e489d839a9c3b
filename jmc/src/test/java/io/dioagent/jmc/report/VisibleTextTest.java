package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VisibleTextTest {

  @Test
  void ordinaryTextStays() {
    for (String text : new String[] {"/data/a b.db", "</script>\"'&", "日本語 ñ 😀", ""}) {
      assertEquals(text, VisibleText.line(text));
    }
    assertNull(VisibleText.line(null));
    assertNull(VisibleText.lines(null));
  }

  @Test
  void invisibleCharactersAreEscaped() {
    assertEquals("a\\nb\\tc\\u000D", VisibleText.line("a\nb\tc\r"));
    assertEquals("x\\u202Egpj.exe", VisibleText.line("x\u202egpj.exe"));
    assertEquals("\\u2028\\u2029\\u0000\\uFEFF", VisibleText.line("\u2028\u2029\0\ufeff"));
    assertEquals("half \\uD83D", VisibleText.line("half \ud83d"));
  }

  @Test
  void stacksKeepTheirLines() {
    assertEquals("a.b(C:1)\n\tx\\u0007", VisibleText.lines("a.b(C:1)\n\tx\u0007\n\n"));
  }

  @Test
  void lengthIsBounded() {
    String line = VisibleText.line("x".repeat(1_000_000));
    assertTrue(line.length() < 5000, line.length() + " characters");
    assertTrue(line.endsWith(" …"), "says that it is cut");
  }
}
