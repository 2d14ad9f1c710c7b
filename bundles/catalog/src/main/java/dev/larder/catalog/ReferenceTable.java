package dev.larder.catalog;

import dev.larder.api.Digest;
import dev.larder.store.ReferenceChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/** Changes of references: the current ones are those with the highest stamps. */
final class ReferenceTable {

  private final RowBatch merge;
  private final PreparedStatement deleteAll;

  ReferenceTable(Connection connection) throws SQLException {
    merge =
        new RowBatch(
            connection,
            "MERGE INTO reference_change (volume, name, tag, lamport, gateway, gateway_sequence,"
                + " wall_millis, target)"
                + " KEY (volume, name, tag, lamport, gateway, gateway_sequence)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    deleteAll = connection.prepareStatement("DELETE FROM reference_change WHERE volume = ?");
  }

  void put(int volume, ReferenceChange change) throws SQLException {
    PreparedStatement row = merge.statement();
    row.setInt(1, volume);
    row.setString(2, change.reference().name());
    row.setString(3, change.reference().tag());
    row.setLong(4, change.stamp().lamport());
    row.setObject(5, change.stamp().gateway());
    row.setLong(6, change.stamp().sequence());
    row.setLong(7, change.stamp().wallMillis());
    Optional<Digest> target = change.target();
    if (target.isPresent()) {
      row.setBytes(8, target.get().toBytes());
    } else {
      row.setNull(8, Types.BINARY);
    }
    merge.add();
  }

  void dropAll(int volume) throws SQLException {
    merge.flush();
    deleteAll.setInt(1, volume);
    deleteAll.executeUpdate();
  }

  void flush() throws SQLException {
    merge.flush();
  }
}
