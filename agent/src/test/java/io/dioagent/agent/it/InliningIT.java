package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.HotWritesApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * C2 inlines all that the agent adds to a write of a file that is not tagged: between the JDK's
 * woven method and its native method no call is left. Read off {@code -XX:+PrintInlining}.
 */
class InliningIT {
  /** The column of the call in its tree, the method without its package, and what became of it. */
  private static final Pattern CALL =
      Pattern.compile("( .*)@ \\d+ +([\\w$.]+\\.)?([\\w$]+::[\\w<>]+) \\(\\d+ bytes\\) +(.*)");

  private static final List<String> INLINED =
      List.of("inline (hot)", "force inline", "accessor", "(intrinsic)");

  @TempDir Path directory;

  /** A call in the tree of a compiled method. */
  private record Call(int column, String method, String outcome) {
    boolean isInlined() {
      return INLINED.stream().anyMatch(outcome::startsWith);
    }

    @Override
    public String toString() {
      return method + " " + outcome;
    }
  }

  private List<Call> callsOfHotWrites(String... jvmArguments) {
    JvmResult result =
        AgentJvm.of(HotWritesApp.class, directory.resolve("x").toString())
            .compilingAsUsual()
            // Without C1, whose trees would be mixed with those of C2.
            .jvm("-XX:-TieredCompilation", "-Xbatch")
            .jvm("-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintInlining")
            .jvm(jvmArguments)
            .agent("tag=/nowhere/**")
            .run()
            .expectExit(0);
    List<Call> calls = new ArrayList<>();
    for (String line : result.outLines()) {
      Matcher matcher = CALL.matcher(line);
      if (matcher.matches()) {
        calls.add(new Call(matcher.end(1), matcher.group(3), matcher.group(4)));
      }
    }
    return calls;
  }

  /** Returns the calls below each inlined call of the JDK's woven method, one list per compile. */
  private static List<List<Call>> below(String woven, List<Call> calls) {
    List<List<Call>> found = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Call root = calls.get(i);
      if (root.method().replace("Unix", "").equals(woven) && root.isInlined()) {
        int end = i + 1;
        while (end < calls.size() && calls.get(end).column() > root.column()) {
          end++;
        }
        found.add(calls.subList(i + 1, end));
      }
    }
    return found;
  }

  private static void assertInlined(String method, String hooked, List<Call> calls) {
    List<List<Call>> compiles = below("FileDispatcherImpl::" + method, calls);
    assertFalse(compiles.isEmpty(), () -> "no compiled caller of " + method + " in " + calls);
    for (List<Call> compiled : compiles) {
      List<String> left =
          compiled.stream().filter(call -> !call.isInlined()).map(Call::method).toList();
      assertEquals(
          List.of(method + "0"),
          left.stream().map(name -> name.replaceFirst(".*::", "")).toList(),
          compiled::toString);
      for (String expected :
          List.of(
              "DioCalls::" + method,
              "DioHook::forWrite",
              "FileHook::isReachedByWrite",
              "FileHook::" + hooked)) {
        assertTrue(
            compiled.stream().anyMatch(call -> call.method().equals(expected)),
            () -> expected + " is not in " + compiled);
      }
    }
  }

  @Test
  void onlyTheNativeMethodIsCalled() {
    List<Call> calls = callsOfHotWrites();
    assertInlined("pwrite", "onWriteAt", calls);
    assertInlined("write", "onWrite", calls);
  }

  /** Shows that the other test can fail. */
  @Tag("seeded")
  @Test
  void aCallThatIsLeftIsFound() {
    List<Call> calls =
        callsOfHotWrites(
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline,sun.nio.ch.DioHook::forWrite");
    AssertionError found =
        assertThrows(AssertionError.class, () -> assertInlined("pwrite", "onWriteAt", calls));
    assertTrue(found.getMessage().contains("[forWrite, pwrite0]"), found::getMessage);
  }
}
