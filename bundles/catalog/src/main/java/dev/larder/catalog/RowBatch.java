package dev.larder.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A statement that is executed for many rows at a time. */
final class RowBatch {

  private static final int ROWS = 512;

  private final PreparedStatement statement;
  private int rows;

  RowBatch(Connection connection, String sql) throws SQLException {
    this.statement = connection.prepareStatement(sql);
  }

  /** Where the next row's values go. */
  PreparedStatement statement() {
    return statement;
  }

  /** Takes the row that was set. */
  void add() throws SQLException {
    statement.addBatch();
    if (++rows == ROWS) {
      flush();
    }
  }

  /** Executes what is there. */
  void flush() throws SQLException {
    if (rows > 0) {
      rows = 0;
      statement.executeBatch();
    }
  }
}
