package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final List<String> ROWS = List.of("one", "two");

  @TempDir private Path directory;

  @Test
  void theDefaultIsFivePairsOfAll() throws UsageException {
    Options options = Options.parse(List.of(), ROWS);
    assertEquals(5, options.pairs());
    assertEquals(Length.FULL, options.length());
    assertTrue(options.only().isEmpty());
  }

  @Test
  void aShortRunIsTwoPairs() throws UsageException {
    Options options = Options.parse(List.of("--short"), ROWS);
    assertEquals(Length.SHORT, options.length());
    assertEquals(2, options.pairs());
  }

  @Test
  void aQuickRunIsOnePair() throws UsageException {
    assertEquals(1, Options.parse(List.of("--quick"), ROWS).pairs());
    assertEquals(3, Options.parse(List.of("--quick", "--pairs", "3"), ROWS).pairs());
  }

  @Test
  void everyOptionIsParsed() throws UsageException {
    Options options =
        Options.parse(
            List.of("--dir", directory.toString(), "--only", "one", "--only", "two"), ROWS);
    assertEquals(Optional.of(directory.toAbsolutePath().normalize()), options.directory());
    assertEquals(ROWS, options.only());
  }

  @ParameterizedTest
  @CsvSource({
    "--fast, unknown argument --fast",
    "--quick --short, --quick and --short exclude each other",
    "--pairs, --pairs needs a value",
    "--pairs 0, '--pairs is 0, expected a number from 1 to 1000'",
    "--pairs many, '--pairs is many, expected a number from 1 to 1000'",
    "--only three, '--only is three, expected one of one, two'",
    "--dir /proc/none, '--dir is /proc/none, expected a directory that can be written'",
    "--java /proc/none, '--java is /proc/none, expected a java command'",
    "--agent /proc/none, '--agent is /proc/none, expected the agent''s jar'",
  })
  void aWrongArgumentIsOneLine(String arguments, String message) {
    UsageException thrown =
        assertThrows(
            UsageException.class, () -> Options.parse(List.of(arguments.split(" ")), ROWS));
    assertEquals(message, thrown.getMessage());
  }
}
