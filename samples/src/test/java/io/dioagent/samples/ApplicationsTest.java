package io.dioagent.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the applications do the same in every run, which makes checksums comparable. */
class ApplicationsTest {
  @TempDir Path directory;

  private interface Run {
    void into(Path directory, PrintStream out) throws Exception;
  }

  private static String checksumOf(Run run, Path directory) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      run.into(directory, out);
    }
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("checksum="))
        .findFirst()
        .orElseThrow();
  }

  private static void h2(Path directory, PrintStream out) throws Exception {
    H2App app = new H2App(directory, out, 2_000);
    app.load();
    app.verify();
  }

  private static void lucene(Path directory, PrintStream out) throws Exception {
    LuceneApp app = new LuceneApp(directory, out, 1_200);
    app.load();
    app.verify();
  }

  @Test
  void h2GivesTheSameRowsInEveryRun() throws Exception {
    String first = checksumOf(ApplicationsTest::h2, directory.resolve("first"));
    assertEquals(first, checksumOf(ApplicationsTest::h2, directory.resolve("second")));
  }

  @Test
  void h2VerifiesTheDatabaseOfAnotherRun() throws Exception {
    Path bank = directory.resolve("bank");
    String first = checksumOf(ApplicationsTest::h2, bank);
    assertEquals(first, checksumOf((path, out) -> new H2App(path, out, 0).verify(), bank));
  }

  @Test
  void luceneGivesTheSameIndexInEveryRun() throws Exception {
    String first = checksumOf(ApplicationsTest::lucene, directory.resolve("first"));
    assertEquals(first, checksumOf(ApplicationsTest::lucene, directory.resolve("second")));
  }

  @Test
  void aChangedRowChangesTheChecksum() throws Exception {
    Path bank = directory.resolve("bank");
    String before = checksumOf(ApplicationsTest::h2, bank);
    try (var connection = java.sql.DriverManager.getConnection("jdbc:h2:file:" + bank + "/bank");
        var statement = connection.createStatement()) {
      assertEquals(
          1, statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id = 1"));
    }
    String after = checksumOf((path, out) -> new H2App(path, out, 0).verify(), bank);
    assertTrue(!before.equals(after), () -> before + " before and after a change");
  }
}
