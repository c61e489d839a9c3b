package io.dioagent.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs every part, one after the other, and joins their results in one file.
 *
 * @param parts the parts by name, in order
 * @param directory the directory of their Markdown and of RESULTS.md
 */
record AllParts(Map<String, Part> parts, Path directory) implements Part {

  @Override
  public int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    StringBuilder results = new StringBuilder("# Results\n");
    int worstExitCode = 0;
    for (Map.Entry<String, Part> entry : parts.entrySet()) {
      String name = entry.getKey();
      Path fragment = directory.resolve(name + ".md");
      Files.deleteIfExists(fragment); // Left by an earlier run.
      int exitCode = entry.getValue().run(arguments, out, err);
      worstExitCode = Math.max(worstExitCode, exitCode);
      results.append("\n## ").append(name).append("\n\n");
      if (Files.exists(fragment)) {
        results.append(Files.readString(fragment, StandardCharsets.UTF_8));
      } else {
        results.append("Nothing was measured: exit code ").append(exitCode).append(".\n");
      }
    }
    Path file = directory.resolve("RESULTS.md");
    Files.writeString(file, results, StandardCharsets.UTF_8);
    err.println("all results: " + file);
    return worstExitCode;
  }
}
