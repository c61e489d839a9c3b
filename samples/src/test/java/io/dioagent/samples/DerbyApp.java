package io.dioagent.samples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A stock in an Apache Derby database, which writes its log and pages with RandomAccessFile and its
 * channel. Each run makes the same rows, and so the same checksum. {@code DerbyApp DIR
 * [load|verify|all]}, as {@link H2App}.
 */
public final class DerbyApp {
  private static final int ARTICLES = 4000;
  private static final int PICTURE_BYTES = 60_000;
  private static final int STATEMENTS_PER_COMMIT = 200;

  /** The SQL state of a successful shutdown of a Derby database. */
  private static final String SHUT_DOWN = "08006";

  private final String database;
  private final PrintStream out;

  private DerbyApp(Path directory, PrintStream out) {
    database = "jdbc:derby:" + directory.toAbsolutePath().resolve("stock");
    this.out = out;
  }

  /** Runs the application. */
  public static void main(String[] args) throws SQLException {
    Phase phase = Phase.of(args, "DerbyApp");
    Path directory = Path.of(args[0]);
    System.setProperty("derby.system.home", directory.toAbsolutePath().toString());
    DerbyApp app = new DerbyApp(directory, System.out);
    if (phase.loads()) {
      app.load();
    }
    if (phase.verifies()) {
      app.verify();
    }
  }

  private void load() throws SQLException {
    Words words = new Words(13);
    try (Connection stock = DriverManager.getConnection(database + ";create=true")) {
      stock.setAutoCommit(false);
      try (Statement statement = stock.createStatement()) {
        statement.execute(
            "CREATE TABLE article(id INT PRIMARY KEY, name VARCHAR(100), pieces BIGINT,"
                + " note VARCHAR(2000))");
        statement.execute("CREATE INDEX article_name ON article(name)");
        statement.execute("CREATE TABLE picture(id INT PRIMARY KEY, content BLOB)");
      }
      stock.commit();
      insert(stock, words);
      change(stock, words);
      try (Statement statement = stock.createStatement()) {
        statement.execute("CALL SYSCS_UTIL.SYSCS_CHECKPOINT_DATABASE()");
      }
      stock.commit();
    }
    shutDown();
    out.println("loaded " + ARTICLES + " articles");
  }

  private static void insert(Connection stock, Words words) throws SQLException {
    try (PreparedStatement article = stock.prepareStatement("INSERT INTO article VALUES(?,?,?,?)");
        PreparedStatement picture = stock.prepareStatement("INSERT INTO picture VALUES(?,?)")) {
      for (int id = 0; id < ARTICLES; id++) {
        article.setInt(1, id);
        article.setString(2, words.text(2));
        article.setLong(3, words.number(1000));
        article.setString(4, words.text(10 + words.number(50)));
        article.executeUpdate();
        if (id % 50 == 0) {
          picture.setInt(1, id);
          picture.setBytes(2, words.bytes(PICTURE_BYTES));
          picture.executeUpdate();
        }
        if (id % STATEMENTS_PER_COMMIT == 0) {
          stock.commit();
        }
      }
    }
    stock.commit();
  }

  private static void change(Connection stock, Words words) throws SQLException {
    try (PreparedStatement update =
            stock.prepareStatement("UPDATE article SET pieces = pieces + ? WHERE id = ?");
        PreparedStatement delete = stock.prepareStatement("DELETE FROM article WHERE id = ?")) {
      for (int i = 0; i < ARTICLES; i++) {
        update.setLong(1, words.number(100));
        update.setInt(2, words.number(ARTICLES));
        update.executeUpdate();
        if (i % 20 == 0) {
          delete.setInt(1, i);
          delete.executeUpdate();
        }
        if (i % STATEMENTS_PER_COMMIT == 0) {
          stock.commit();
        }
      }
    }
    stock.commit();
  }

  private void verify() throws SQLException {
    Checksum checksum = new Checksum();
    try (Connection stock = DriverManager.getConnection(database);
        Statement statement = stock.createStatement()) {
      for (String table : new String[] {"ARTICLE", "PICTURE"}) {
        try (ResultSet result =
            statement.executeQuery("VALUES SYSCS_UTIL.SYSCS_CHECK_TABLE('APP', '" + table + "')")) {
          if (!result.next() || result.getInt(1) != 1) {
            throw new IllegalStateException("SYSCS_CHECK_TABLE: " + table + " is not consistent");
          }
        }
      }
      out.println("checktable=clean");
      int articles = 0;
      try (ResultSet row =
          statement.executeQuery("SELECT id, name, pieces, note FROM article ORDER BY id")) {
        for (; row.next(); articles++) {
          checksum.add(row.getInt(1)).add(row.getString(2));
          checksum.add(row.getLong(3)).add(row.getString(4));
        }
      }
      int pictures = 0;
      try (ResultSet row = statement.executeQuery("SELECT id, content FROM picture ORDER BY id")) {
        for (; row.next(); pictures++) {
          checksum.add(row.getInt(1)).add(row.getBytes(2));
        }
      }
      out.println("articles=" + articles + " pictures=" + pictures);
    }
    shutDown();
    out.println("checksum=" + checksum.hex());
  }

  private void shutDown() throws SQLException {
    try {
      DriverManager.getConnection(database + ";shutdown=true").close();
    } catch (SQLException e) {
      if (SHUT_DOWN.equals(e.getSQLState())) {
        return;
      }
      throw e;
    }
    throw new IllegalStateException("shut down, and still connected");
  }
}
