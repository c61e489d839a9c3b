package io.dioagent.samples.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every command of the manual, page by page, in a directory as made on its first page. All
 * have to succeed, and to print the lines that the page shows. Numbers may differ.
 */
@Tag("full")
class ManualIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = PROJECT.resolve("docs");
  private static final long LONGEST_SECONDS = 600;

  /** This page has the indented commands that make the directory. */
  private static final Path FIRST_PAGE = DOCS.resolve("README.md");

  private static final Pattern LINKED = Pattern.compile("\\.\\./\\S+");
  private static final String MARK = "--- end of block ";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

  private static List<Page> pages() throws IOException {
    List<Page> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(DOCS)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".md")).sorted().toList()) {
        pages.add(Page.read(file));
      }
    }
    return pages;
  }

  @TestFactory
  List<DynamicTest> everyCommand() throws IOException {
    return pages().stream()
        .filter(page -> !page.blocks().isEmpty())
        .map(page -> DynamicTest.dynamicTest(page.name(), () -> run(page)))
        .toList();
  }

  @Test
  void everyLinkHasATarget() throws IOException {
    List<Path> all = new ArrayList<>(pages().stream().map(Page::file).toList());
    all.add(PROJECT.resolve("README.md"));
    for (Path page : all) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1);
        assertTrue(
            target.startsWith("https:") || Files.exists(page.resolveSibling(target)),
            page + " leads to " + target + ", which is not there");
      }
    }
  }

  private static void run(Page page) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Path.of("target"), "manual").toAbsolutePath();
    try {
      linkInto(directory);
      List<String> printed = runAll(page, directory);
      for (int i = 0; i < page.blocks().size(); i++) {
        expect(page.name(), page.blocks().get(i), printed.get(i));
      }
    } finally {
      try (Stream<Path> left = Files.walk(directory)) {
        left.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  /** Links only the files that the first page links. */
  private static void linkInto(Path directory) throws IOException {
    Matcher target = LINKED.matcher(Files.readString(FIRST_PAGE));
    int links = 0;
    while (target.find()) {
      Path file = PROJECT.resolve(target.group().substring(3));
      assertTrue(Files.exists(file), file + " is linked on the first page, and not there");
      Files.createSymbolicLink(directory.resolve(file.getFileName()), file);
      links++;
    }
    assertTrue(links > 4, links + " links");
  }

  /** Returns the output of each block, in order. */
  private static List<String> runAll(Page page, Path directory)
      throws IOException, InterruptedException {
    StringBuilder script = new StringBuilder("set -euo pipefail\n");
    // Ends processes that a page leaves running, by pid, also after a failed command.
    script.append("trap 'kill -9 $(jobs -p) 2>/dev/null || true' EXIT\n");
    for (Page.Block block : page.blocks()) {
      script.append(block.commands()).append("echo '").append(MARK).append("'\n");
    }
    Path out = directory.resolve("printed");
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString());
    bash.environment().put("LC_ALL", "C.UTF-8");
    bash.environment().keySet().removeIf(name -> name.startsWith("DIO_"));
    bash.environment().put("PATH", javaHome() + "/bin:" + bash.environment().get("PATH"));
    bash.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    Process process = bash.start();
    boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String printed = Files.readString(out);
    assertTrue(ended, page.name() + " took longer than " + LONGEST_SECONDS + " s:\n" + printed);
    assertEquals(0, process.exitValue(), page.name() + " failed after:\n" + printed);
    return List.of(printed.split(MARK + "\n", -1));
  }

  /** Returns the home of the JDK that the tests fork. */
  private static String javaHome() {
    String java = System.getProperty("dio.test.java", "");
    return java.isBlank()
        ? System.getProperty("java.home")
        : Path.of(java).getParent().getParent().toString();
  }

  /** Checks that each expected line is part of a printed one. */
  private static void expect(String page, Page.Block block, String printed) {
    String there = withoutNumbers(printed);
    for (String line : block.promised()) {
      assertTrue(
          there.contains(withoutNumbers(line.strip())),
          page + " promises '" + line + "' of\n" + block.commands() + "which printed\n" + printed);
    }
  }

  private static String withoutNumbers(String text) {
    return text.replaceAll("\\d+", "0");
  }
}
