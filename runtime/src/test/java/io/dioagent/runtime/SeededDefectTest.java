package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.runtime.schedule.FrayJdk;
import io.dioagent.runtime.schedule.SeededDefect;
import io.dioagent.runtime.testing.Forked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scenarios find defects of the runtime's that only some schedules, or deadlines, show. */
@Tag("full")
@Tag("fray")
class SeededDefectTest {
  /** A defect that so many schedules do not show is not found. */
  private static final int MOST_SCHEDULES = 10_000;

  @ParameterizedTest
  @EnumSource
  void aDefectIsFound(SeededDefect defect) throws Exception {
    System.out.println(defect + " is " + find(defect, 0, MOST_SCHEDULES));
  }

  @Test
  void aSeedReplaysItsFailure() throws Exception {
    SeededDefect defect = SeededDefect.CHUNKS_FOLLOW_WITHOUT_ORDER;
    String found = find(defect, 0, MOST_SCHEDULES);
    String seed = found.substring(SeededDefectRun.FOUND.length(), found.indexOf(':'));
    assertEquals(found, find(defect, Long.parseLong(seed), 1));
  }

  /** The line that says by which seed it is found, and how that fails. */
  private static String find(SeededDefect defect, long firstSeed, int count)
      throws IOException, InterruptedException {
    FrayJdk.skipUnlessThere();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getProperty("basedir", ""), "target", "fray", "arguments"));
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dbasedir=" + System.getProperty("basedir", ""));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(SeededDefectRun.class.getName());
    command.addAll(List.of(defect.name(), String.valueOf(firstSeed), String.valueOf(count)));
    try (Forked jvm = Forked.command(command)) {
      return jvm.awaitLine(SeededDefectRun.FOUND);
    }
  }
}
