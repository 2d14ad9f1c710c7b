package dev.larder.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables. Rows of blocks are not among them: a million of those would take gigabytes. */
final class Schema {

  private static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE meta (version INT NOT NULL)",
          "CREATE TABLE volume (id INT AUTO_INCREMENT PRIMARY KEY, uuid UUID NOT NULL UNIQUE,"
              + " tier VARCHAR(255) NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL)",
          "CREATE TABLE replica (volume INT NOT NULL, digest BINARY(32) NOT NULL, size BIGINT NOT"
              + " NULL, kind TINYINT NOT NULL, blocks INT NOT NULL, stored_bytes BIGINT NOT NULL,"
              + " sequence BIGINT NOT NULL, PRIMARY KEY (volume, digest))",
          "CREATE TABLE reference_change (volume INT NOT NULL, name VARCHAR(255) NOT NULL, tag"
              + " VARCHAR(128) NOT NULL, lamport BIGINT NOT NULL, gateway UUID NOT NULL,"
              + " gateway_sequence BIGINT NOT NULL, wall_millis BIGINT NOT NULL, target BINARY(32),"
              + " PRIMARY KEY (volume, name, tag, lamport, gateway, gateway_sequence))",
          "CREATE TABLE swap (id BIGINT AUTO_INCREMENT PRIMARY KEY, wall_millis BIGINT NOT NULL,"
              + " name VARCHAR(255) NOT NULL, tag VARCHAR(128) NOT NULL, digest BINARY(32) NOT"
              + " NULL, size BIGINT NOT NULL, level TINYINT NOT NULL, nanos BIGINT NOT NULL)");

  private static final List<String> PROBES =
      List.of(
          "SELECT SUM(epoch + sequence) FROM volume",
          "SELECT COUNT(*), SUM(size), MIN(kind), MAX(sequence) FROM replica",
          "SELECT COUNT(*), SUM(lamport), MAX(LENGTH(tag)) FROM reference_change",
          "SELECT COUNT(*), MAX(nanos) FROM swap");

  private Schema() {}

  /** Makes the tables where there are none, else checks that they can be read to the end. */
  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (isEmpty(statement)) {
        for (String table : TABLES) {
          statement.execute(table);
        }
        statement.execute("INSERT INTO meta VALUES (" + VERSION + ")");
      } else {
        probe(statement);
      }
      connection.commit();
    }
  }

  private static boolean isEmpty(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'PUBLIC'")) {
      return rows.next() && rows.getInt(1) == 0;
    }
  }

  private static void probe(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT version FROM meta")) {
      if (!rows.next() || rows.getInt(1) != VERSION) {
        throw new SQLException("tables of another version");
      }
    }
    for (String probe : PROBES) {
      statement.executeQuery(probe).close();
    }
  }
}
