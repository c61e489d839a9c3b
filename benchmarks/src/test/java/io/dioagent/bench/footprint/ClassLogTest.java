package io.dioagent.bench.footprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassLogTest {
  private static final String MAIN =
      "[60000000ns] io.dioagent.bench.work.Started source: file:/bench.jar";
  private static final String AFTERWARDS =
      "[61000000ns] io.dioagent.bench.work.Started$Status source: file:/bench.jar";

  @Test
  void classesCountOnceAndUntilTheProgramHasDoneItsWork() {
    ClassLog log =
        ClassLog.parse(
            List.of(
                "[1000000ns] full module graph: disabled",
                "[2000000ns] java.lang.Object source: shared objects file",
                "[20000000ns] sun.instrument.InstrumentationImpl source: jrt:/java.instrument",
                "[30000000ns] java.lang.Object source: __VM_RedefineClasses__",
                MAIN,
                AFTERWARDS,
                "[62000000ns] java.util.Late source: jrt:/java.base"));
    assertEquals(new ClassLog(40, 3, 1, false, false), log);
  }

  @Test
  void withoutAnAgentNothingComesBeforeMain() {
    ClassLog log =
        ClassLog.parse(
            List.of(
                "[1000000ns] full module graph: enabled",
                "[5000000ns] io.dioagent.bench.work.Started source: shared objects file (top)"));
    assertEquals(new ClassLog(0, 1, 1, true, true), log);
  }

  @Test
  void aLogWithoutTheMainClassIsNone() {
    assertThrows(IllegalArgumentException.class, () -> ClassLog.parse(List.of("Error: no main")));
  }
}
