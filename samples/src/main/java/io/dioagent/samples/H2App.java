package io.dioagent.samples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/**
 * A bank in an H2 file database. Each run makes the same rows, and so the same checksum.
 *
 * <p>{@code H2App DIR [load|verify|all]}: {@code load} creates, fills, changes and closes the
 * database, and {@code verify} opens it again and reads every row. The default is both. {@code
 * -Dh2.fileSystem=async} selects H2's file system on AsynchronousFileChannel instead of {@code
 * file} on FileChannel.
 */
public final class H2App {
  private static final int ACCOUNTS = 20_000;
  private static final int DOCUMENT_BYTES = 100_000;
  private static final int STATEMENTS_PER_COMMIT = 500;

  private final Path directory;
  private final PrintStream out;
  private final int accounts;

  H2App(Path directory, PrintStream out, int accounts) {
    this.directory = directory.toAbsolutePath();
    this.out = out;
    this.accounts = accounts;
  }

  /** Runs the application. */
  public static void main(String[] args) throws IOException, SQLException {
    Phase phase = Phase.of(args, "H2App");
    H2App app = new H2App(Path.of(args[0]), System.out, ACCOUNTS);
    if (phase.loads()) {
      app.load();
    }
    if (phase.verifies()) {
      app.verify();
    }
  }

  /** Creates, fills, changes and closes the database. */
  void load() throws IOException, SQLException {
    Files.createDirectories(directory);
    Words words = new Words(42);
    try (Connection bank = connect(";CACHE_SIZE=262144;MAX_COMPACT_TIME=0")) {
      try (Statement statement = bank.createStatement()) {
        // Write every commit to the file at once, not only every half second.
        statement.execute("SET WRITE_DELAY 0");
        statement.execute(
            "CREATE TABLE account(id INT PRIMARY KEY, owner VARCHAR(100), balance BIGINT,"
                + " note VARCHAR(2000))");
        statement.execute("CREATE INDEX account_owner ON account(owner)");
        statement.execute("CREATE TABLE document(id INT PRIMARY KEY, content BLOB)");
      }
      bank.setAutoCommit(false);
      insertAccounts(bank, words);
      updateAccounts(bank, words);
      deleteAccounts(bank);
      insertDocuments(bank, words);
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        out.println("file " + file.getFileName() + ": " + Files.size(file) + " bytes");
      }
    }
  }

  /** Opens the database again, and reads every row. */
  void verify() throws SQLException {
    Checksum checksum = new Checksum();
    try (Connection bank = connect(";IFEXISTS=TRUE");
        Statement statement = bank.createStatement()) {
      int accountRows = 0;
      try (ResultSet row =
          statement.executeQuery("SELECT id, owner, balance, note FROM account ORDER BY id")) {
        for (; row.next(); accountRows++) {
          checksum.add(row.getInt(1)).add(row.getString(2));
          checksum.add(row.getLong(3)).add(row.getString(4));
        }
      }
      int documentRows = 0;
      try (ResultSet row = statement.executeQuery("SELECT id, content FROM document ORDER BY id")) {
        for (; row.next(); documentRows++) {
          checksum.add(row.getInt(1)).add(row.getBytes(2));
        }
      }
      out.println("accounts=" + accountRows + " documents=" + documentRows);
    }
    out.println("checksum=" + checksum.hex());
  }

  private Connection connect(String settings) throws SQLException {
    String fileSystem = System.getProperty("h2.fileSystem", "file");
    return DriverManager.getConnection(
        "jdbc:h2:" + fileSystem + ":" + directory.resolve("bank") + settings);
  }

  private void insertAccounts(Connection bank, Words words) throws SQLException {
    try (PreparedStatement insert =
        bank.prepareStatement("INSERT INTO account VALUES(?, ?, ?, ?)")) {
      for (int id = 0; id < accounts; id++) {
        insert.setInt(1, id);
        insert.setString(2, words.text(2));
        insert.setLong(3, words.number(1_000_000));
        insert.setString(4, words.text(10 + words.number(50)));
        insert.executeUpdate();
        commitSometimes(bank, id);
      }
    }
    bank.commit();
    out.println("inserted " + accounts + " accounts");
  }

  private void updateAccounts(Connection bank, Words words) throws SQLException {
    int updates = accounts;
    try (PreparedStatement update =
        bank.prepareStatement("UPDATE account SET balance = balance + ?, note = ? WHERE id = ?")) {
      for (int i = 0; i < updates; i++) {
        update.setLong(1, words.number(1000) - 500L);
        update.setString(2, words.text(10 + words.number(50)));
        update.setInt(3, words.number(accounts));
        update.executeUpdate();
        commitSometimes(bank, i);
      }
    }
    bank.commit();
    out.println("updated " + updates + " accounts");
  }

  private void deleteAccounts(Connection bank) throws SQLException {
    int deletes = accounts / 20;
    try (PreparedStatement delete = bank.prepareStatement("DELETE FROM account WHERE id = ?")) {
      for (int i = 0; i < deletes; i++) {
        delete.setInt(1, i * 20);
        delete.executeUpdate();
        commitSometimes(bank, i);
      }
    }
    bank.commit();
    out.println("deleted " + deletes + " accounts");
  }

  private void insertDocuments(Connection bank, Words words) throws SQLException {
    int documents = accounts / 100;
    try (PreparedStatement insert = bank.prepareStatement("INSERT INTO document VALUES(?, ?)")) {
      for (int id = 0; id < documents; id++) {
        insert.setInt(1, id);
        insert.setBytes(2, words.bytes(DOCUMENT_BYTES));
        insert.executeUpdate();
        if (id % 10 == 9) {
          bank.commit();
        }
      }
    }
    bank.commit();
    out.println("inserted " + documents + " documents of " + DOCUMENT_BYTES + " bytes");
  }

  private static void commitSometimes(Connection bank, int statement) throws SQLException {
    if (statement % STATEMENTS_PER_COMMIT == STATEMENTS_PER_COMMIT - 1) {
      bank.commit();
    }
  }
}
