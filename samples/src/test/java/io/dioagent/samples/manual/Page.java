package io.dioagent.samples.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of the manual: its blocks marked {@code sh}, each with the expected lines of the following
 * blocks marked {@code text}.
 */
record Page(Path file, List<Block> blocks) {
  private static final String FENCE = "```";

  /** One block of commands. */
  record Block(String commands, List<String> promised) {}

  static Page read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    String kind = null;
    StringBuilder commands = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (kind == null && line.startsWith(FENCE)) {
        kind = line.substring(FENCE.length()).trim();
        commands.setLength(0);
      } else if (line.equals(FENCE)) {
        if (kind.equals("sh")) {
          blocks.add(new Block(commands.toString(), new ArrayList<>()));
        }
        kind = null;
      } else if ("text".equals(kind)) {
        if (blocks.isEmpty()) {
          throw new IllegalStateException(file + " promises '" + line + "' of no command");
        }
        blocks.get(blocks.size() - 1).promised().add(line);
      } else if (kind != null) {
        commands.append(line).append('\n');
      }
    }
    return new Page(file, blocks);
  }

  String name() {
    return file.getFileName().toString();
  }
}
