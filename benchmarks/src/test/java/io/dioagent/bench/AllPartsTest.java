package io.dioagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllPartsTest {
  private static final PrintStream NOWHERE = new PrintStream(PrintStream.nullOutputStream());

  @TempDir private Path directory;

  @Test
  void resultsOfThePartsAreJoinedInOrder() throws IOException, InterruptedException {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("z", (arguments, out, err) -> write("z.md", String.join(" ", arguments) + "\n"));
    parts.put("a", (arguments, out, err) -> write("a.md", "second\n"));
    assertEquals(0, run(parts));
    assertEquals("# Results\n\n## z\n\n--quick\n\n## a\n\nsecond\n", results());
  }

  @Test
  void aPartThatFailsLeavesNoEarlierResultAndTheOthersRun()
      throws IOException, InterruptedException {
    write("broken.md", "of last time\n");
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("broken", (arguments, out, err) -> 1);
    parts.put("good", (arguments, out, err) -> write("good.md", "measured\n"));
    assertEquals(1, run(parts));
    assertEquals(
        "# Results\n\n## broken\n\nNothing was measured: exit code 1.\n\n## good\n\nmeasured\n",
        results());
  }

  private int run(Map<String, Part> parts) throws IOException, InterruptedException {
    return new AllParts(parts, directory).run(List.of("--quick"), NOWHERE, NOWHERE);
  }

  private String results() throws IOException {
    return Files.readString(directory.resolve("RESULTS.md"));
  }

  private int write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
    return 0;
  }
}
