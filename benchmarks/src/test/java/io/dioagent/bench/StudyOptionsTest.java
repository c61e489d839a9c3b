package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyOptionsTest {
  @TempDir private Path directory;

  @Test
  void withoutArgumentsItIsTheFullRun() throws UsageException {
    assertEquals(
        new StudyOptions(Length.FULL, Optional.empty(), Optional.empty(), Optional.empty(), false),
        StudyOptions.parse(List.of()));
  }

  @Test
  void eachArgumentIsRead() throws UsageException {
    StudyOptions options =
        StudyOptions.parse(List.of("--short", "--dir", directory.toString(), "--help"));
    assertEquals(Length.SHORT, options.length());
    assertEquals(Optional.of(directory), options.directory());
    assertTrue(options.help());
    assertEquals(Length.QUICK, StudyOptions.parse(List.of("--quick")).length());
  }

  @Test
  void whatCannotBeFollowedIsTold() {
    assertEquals("unknown argument --fast", message("--fast"));
    assertEquals("--dir needs a value", message("--dir"));
    assertEquals(
        "--agent is " + directory + ", expected a file", message("--agent", directory.toString()));
  }

  private static String message(String... arguments) {
    return assertThrows(UsageException.class, () -> StudyOptions.parse(List.of(arguments)))
        .getMessage();
  }
}
