package dev.larder.catalog;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.Digest;
import dev.larder.api.HistoryEntry;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.store.Stamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked. Each question is answered from rows as they stream by; an {@link
 * IllegalArgumentException} or {@link SQLException} means that the database is damaged.
 */
final class Queries {

  private static final ArtifactKind[] KINDS = ArtifactKind.values();
  private static final SwapLevel[] LEVELS = SwapLevel.values();

  private record Change(Stamp stamp, @Nullable Digest target) {}

  private record Held(long size, ArtifactKind kind, List<String> tiers) {}

  private Queries() {}

  /** Current references. One whose artifact no known volume holds has no tiers and size 0. */
  static List<ArtifactSummary> list(Connection connection) throws SQLException {
    Map<Digest, Held> held = held(connection);
    List<ArtifactSummary> list = new ArrayList<>();
    for (Map.Entry<Reference, Change> entry : current(connection).entrySet()) {
      Change change = entry.getValue();
      if (change.target() != null) {
        Held artifact =
            held.getOrDefault(change.target(), new Held(0, ArtifactKind.MODEL, List.of()));
        list.add(
            new ArtifactSummary(
                entry.getKey(),
                change.target(),
                artifact.size(),
                artifact.kind(),
                artifact.tiers(),
                Instant.ofEpochMilli(change.stamp().wallMillis())));
      }
    }
    return list;
  }

  private static Map<Reference, Change> current(Connection connection) throws SQLException {
    Map<Reference, Change> current = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT lamport, gateway, gateway_sequence, wall_millis, target, name, tag FROM"
                    + " reference_change")) {
      while (rows.next()) {
        current.merge(
            new Reference(rows.getString(6), rows.getString(7)),
            change(rows),
            (a, b) -> a.stamp().compareTo(b.stamp()) >= 0 ? a : b);
      }
    }
    return current;
  }

  private static Map<Digest, Held> held(Connection connection) throws SQLException {
    Map<Integer, String> tiers = tiers(connection);
    Map<Digest, Held> held = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT digest, size, kind, volume FROM replica")) {
      while (rows.next()) {
        String tier = tiers.get(rows.getInt(4));
        Held replica =
            new Held(
                rows.getLong(2),
                at(KINDS, rows.getInt(3)),
                tier == null ? List.of() : List.of(tier));
        held.merge(Digest.of(rows.getBytes(1)), replica, Queries::join);
      }
    }
    return held;
  }

  private static Held join(Held a, Held b) {
    List<String> tiers = new ArrayList<>(a.tiers());
    tiers.addAll(b.tiers());
    Collections.sort(tiers);
    return new Held(a.size(), a.kind(), List.copyOf(tiers));
  }

  private static Map<Integer, String> tiers(Connection connection) throws SQLException {
    Map<Integer, String> tiers = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, tier FROM volume")) {
      while (rows.next()) {
        tiers.put(rows.getInt(1), rows.getString(2));
      }
    }
    return tiers;
  }

  /** Contents that a reference had since it was made, newest first. */
  static List<HistoryEntry> history(Connection connection, Reference reference)
      throws SQLException {
    TreeMap<Stamp, Change> changes = new TreeMap<>(Collections.reverseOrder());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.lamport, c.gateway, c.gateway_sequence, c.wall_millis, c.target FROM volume v"
                + " JOIN reference_change c ON c.volume = v.id WHERE c.name = ? AND c.tag = ?")) {
      statement.setString(1, reference.name());
      statement.setString(2, reference.tag());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Change change = change(rows);
          changes.put(change.stamp(), change);
        }
      }
    }
    List<HistoryEntry> history = new ArrayList<>();
    for (Change change : changes.values()) {
      if (change.target() == null) {
        break; // deleted with all that was before
      }
      history.add(
          new HistoryEntry(
              change.target(),
              Instant.ofEpochMilli(change.stamp().wallMillis()),
              history.isEmpty()));
    }
    return history;
  }

  private static Change change(ResultSet rows) throws SQLException {
    byte[] target = rows.getBytes(5);
    UUID gateway = Objects.requireNonNull(rows.getObject(2, UUID.class));
    return new Change(
        new Stamp(rows.getLong(1), gateway, rows.getLong(3), rows.getLong(4)),
        target == null ? null : Digest.of(target));
  }

  /** The newest swaps, newest first. */
  static List<SwapRecord> swaps(Connection connection, int limit) throws SQLException {
    List<SwapRecord> swaps = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT wall_millis, name, tag, digest, size, level, nanos FROM swap ORDER BY id DESC"
                + " LIMIT ?")) {
      statement.setInt(1, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          swaps.add(
              new SwapRecord(
                  rows.getLong(1),
                  new Reference(rows.getString(2), rows.getString(3)),
                  Digest.of(rows.getBytes(4)),
                  rows.getLong(5),
                  at(LEVELS, rows.getInt(6)),
                  rows.getLong(7)));
        }
      }
    }
    return swaps;
  }

  private static <E> E at(E[] values, int index) {
    if (index < 0 || index >= values.length) {
      throw new IllegalArgumentException("no value has number " + index);
    }
    return values[index];
  }
}
