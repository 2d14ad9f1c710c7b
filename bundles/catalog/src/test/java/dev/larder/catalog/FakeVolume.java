package dev.larder.catalog;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a volume would tell the catalog. */
final class FakeVolume {

  static final UUID GATEWAY = new UUID(1, 1);

  final UUID uuid;
  final String tier;
  long epoch = 1;
  private long sequence;
  private final Map<Digest, ArtifactEntry> artifacts = new LinkedHashMap<>();
  private final List<ReferenceChange> references = new ArrayList<>();

  /** Changes with the position that they lead to. */
  record Commit(Position position, String tier, List<CatalogChange> changes) {
    void applyTo(Catalog catalog) {
      catalog.apply(position, tier, changes);
    }
  }

  FakeVolume(long id, String tier) {
    this.uuid = new UUID(7, id);
    this.tier = tier;
  }

  static Digest digest(long n) {
    return new Digest(n, n * 31, n * 77, ~n);
  }

  synchronized Commit put(String reference, long content, long size) {
    ArtifactEntry artifact =
        new ArtifactEntry(digest(content), size, ArtifactKind.MODEL, 3, size / 2, ++sequence);
    artifacts.put(artifact.digest(), artifact);
    ReferenceChange change = change(reference, Optional.of(artifact.digest()));
    return new Commit(
        position(),
        tier,
        List.of(new CatalogChange.ReplicaAdded(artifact), new CatalogChange.Referenced(change)));
  }

  synchronized Commit delete(String reference) {
    ReferenceChange change = change(reference, Optional.empty());
    return new Commit(position(), tier, List.of(new CatalogChange.Referenced(change)));
  }

  synchronized Commit point(String reference, long content) {
    ReferenceChange change = change(reference, Optional.of(digest(content)));
    return new Commit(position(), tier, List.of(new CatalogChange.Referenced(change)));
  }

  synchronized Commit add(long content, long size) {
    ArtifactEntry artifact =
        new ArtifactEntry(digest(content), size, ArtifactKind.MODEL, 3, size / 2, ++sequence);
    artifacts.put(artifact.digest(), artifact);
    return new Commit(position(), tier, List.of(new CatalogChange.ReplicaAdded(artifact)));
  }

  synchronized Commit drop(long content) {
    sequence++;
    artifacts.remove(digest(content));
    return new Commit(position(), tier, List.of(new CatalogChange.ReplicaDropped(digest(content))));
  }

  private ReferenceChange change(String reference, Optional<Digest> target) {
    sequence++;
    ReferenceChange change =
        new ReferenceChange(
            Reference.parse(reference),
            target,
            new Stamp(sequence, GATEWAY, sequence, 1_700_000_000_000L + sequence),
            0);
    references.add(change);
    return change;
  }

  synchronized Position position() {
    return new Position(uuid, epoch, sequence);
  }

  synchronized VolumeSnapshot snapshot() {
    return new VolumeSnapshot(
        position(), tier, List.copyOf(artifacts.values()), List.copyOf(references));
  }

  /** A source that knows these volumes. */
  static SnapshotSource source(FakeVolume... volumes) {
    return uuid -> {
      for (FakeVolume volume : volumes) {
        if (volume.uuid.equals(uuid)) {
          return Optional.of(volume.snapshot());
        }
      }
      return Optional.empty();
    };
  }
}
