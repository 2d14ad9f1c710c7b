package dev.larder.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The newest swaps. */
final class SwapTable {

  /** How many are kept. */
  static final int KEPT = 10_000;

  private final RowBatch insert;
  private final PreparedStatement trim;
  private boolean grown;

  SwapTable(Connection connection) throws SQLException {
    insert =
        new RowBatch(
            connection,
            "INSERT INTO swap (wall_millis, name, tag, digest, size, level, nanos)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)");
    trim =
        connection.prepareStatement("DELETE FROM swap WHERE id <= (SELECT MAX(id) FROM swap) - ?");
  }

  void add(SwapRecord swap) throws SQLException {
    PreparedStatement row = insert.statement();
    row.setLong(1, swap.wallMillis());
    row.setString(2, swap.reference().name());
    row.setString(3, swap.reference().tag());
    row.setBytes(4, swap.digest().toBytes());
    row.setLong(5, swap.size());
    row.setInt(6, swap.level().ordinal());
    row.setLong(7, swap.nanos());
    insert.add();
    grown = true;
  }

  void flush() throws SQLException {
    if (grown) {
      grown = false;
      insert.flush();
      trim.setInt(1, KEPT);
      trim.executeUpdate();
    }
  }
}
