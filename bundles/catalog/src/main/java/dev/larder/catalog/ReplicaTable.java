package dev.larder.catalog;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Which volume holds which artifact. */
final class ReplicaTable {

  private final RowBatch merge;
  private final PreparedStatement delete;
  private final PreparedStatement deleteAll;

  ReplicaTable(Connection connection) throws SQLException {
    merge =
        new RowBatch(
            connection,
            "MERGE INTO replica (volume, digest, size, kind, blocks, stored_bytes, sequence)"
                + " KEY (volume, digest) VALUES (?, ?, ?, ?, ?, ?, ?)");
    delete =
        connection.prepareStatement(
            "DELETE FROM replica WHERE volume = ? AND digest = ? AND sequence < ?");
    deleteAll = connection.prepareStatement("DELETE FROM replica WHERE volume = ?");
  }

  void put(int volume, ArtifactEntry artifact) throws SQLException {
    PreparedStatement row = merge.statement();
    row.setInt(1, volume);
    row.setBytes(2, artifact.digest().toBytes());
    row.setLong(3, artifact.size());
    row.setInt(4, artifact.kind().ordinal());
    row.setInt(5, artifact.blocks());
    row.setLong(6, artifact.storedBytes());
    row.setLong(7, artifact.sequence());
    merge.add();
  }

  /** Removes a replica unless it was added after that drop. */
  void drop(int volume, Digest digest, long sequence) throws SQLException {
    merge.flush();
    delete.setInt(1, volume);
    delete.setBytes(2, digest.toBytes());
    delete.setLong(3, sequence);
    delete.executeUpdate();
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
