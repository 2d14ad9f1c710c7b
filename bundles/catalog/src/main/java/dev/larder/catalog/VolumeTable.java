package dev.larder.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Volumes, and how far each is applied. */
final class VolumeTable {

  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;

  VolumeTable(Connection connection) throws SQLException {
    this.connection = connection;
    insert =
        connection.prepareStatement(
            "INSERT INTO volume (uuid, tier, epoch, sequence) VALUES (?, ?, ?, ?)",
            Statement.RETURN_GENERATED_KEYS);
    update =
        connection.prepareStatement(
            "UPDATE volume SET tier = ?, epoch = ?, sequence = ? WHERE id = ?");
    delete = connection.prepareStatement("DELETE FROM volume WHERE id = ?");
  }

  Map<UUID, Progress> load() throws SQLException {
    Map<UUID, Progress> volumes = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT uuid, id, epoch, sequence FROM volume")) {
      while (rows.next()) {
        volumes.put(
            rows.getObject(1, UUID.class),
            new Progress(rows.getInt(2), rows.getLong(3), rows.getLong(4)));
      }
    }
    return volumes;
  }

  /** Adds a volume; returns its id. */
  int insert(Position position, String tier) throws SQLException {
    insert.setObject(1, position.volume());
    insert.setString(2, tier);
    insert.setLong(3, position.epoch());
    insert.setLong(4, position.sequence());
    insert.executeUpdate();
    try (ResultSet keys = insert.getGeneratedKeys()) {
      if (!keys.next()) {
        throw new SQLException("no id for a new volume");
      }
      return keys.getInt(1);
    }
  }

  void update(int id, String tier, long epoch, long sequence) throws SQLException {
    update.setString(1, tier);
    update.setLong(2, epoch);
    update.setLong(3, sequence);
    update.setInt(4, id);
    if (update.executeUpdate() != 1) {
      throw new SQLException("volume " + id + " has lost its row");
    }
  }

  void delete(int id) throws SQLException {
    delete.setInt(1, id);
    delete.executeUpdate();
  }
}
