package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Lane;
import dev.larder.store.Pace;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Volume;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copies replicas between tiers, encoded as suits the target, as a delta against another version
 * that is there, and checked against their digest.
 */
public final class Copier {

  private final Namespace names;
  private final Ingest ingest;
  private final Journal journal;

  /** A copier. */
  public Copier(Namespace names, Ingest ingest, Journal journal) {
    this.names = names;
    this.ingest = ingest;
    this.journal = journal;
  }

  /**
   * Makes a replica on the target, together with changes; durable on return.
   *
   * @throws LarderException {@code CORRUPT} if what was read is not what it should be
   */
  public void copy(
      TierUse from,
      TierUse to,
      ArtifactEntry artifact,
      List<Change> together,
      Cancellation cancellation)
      throws IOException {
    copy(from, to, artifact, together, Pace.UNLIMITED, cancellation);
  }

  /**
   * The same with care for others.
   *
   * @param pace told of what is read
   */
  public void copy(
      TierUse from,
      TierUse to,
      ArtifactEntry artifact,
      List<Change> together,
      Pace pace,
      Cancellation cancellation)
      throws IOException {
    List<Change> changes = new ArrayList<>();
    if (to.volume().artifact(artifact.digest()).isPresent()) {
      changes.addAll(together);
      commit(to, changes);
      return;
    }
    Volume target = to.volume();
    Optional<Digest> predecessor =
        names.versionOf(artifact.digest(), other -> target.artifact(other).isPresent());
    try (StagedArtifact staged = stage(from, to, artifact, predecessor, pace, cancellation)) {
      if (!staged.digest().equals(artifact.digest())) {
        throw new LarderException(
            ErrorCode.CORRUPT,
            "artifact "
                + artifact.digest()
                + " on tier "
                + from.tier().name()
                + " reads as "
                + staged.digest(),
            "run 'larder scrub " + from.tier().name() + "'");
      }
      if (!staged.present()) {
        changes.add(new Change.Add(staged));
      }
      changes.addAll(together);
      commit(to, changes);
    }
  }

  /**
   * Takes a damaged replica in again: blocks that the volume has set aside as bad are new to it.
   */
  public void renew(TierUse from, TierUse to, ArtifactEntry artifact, Cancellation cancellation)
      throws IOException {
    try (StagedArtifact staged =
        stage(from, to, artifact, Optional.empty(), Pace.UNLIMITED, cancellation)) {
      if (!staged.digest().equals(artifact.digest())) {
        throw new LarderException(
            ErrorCode.CORRUPT,
            "artifact " + artifact.digest() + " reads as another one on tier " + from.tier().name(),
            "run 'larder scrub " + from.tier().name() + "'");
      }
      if (!staged.present()) {
        journal.commit(to, List.of(new Change.Add(staged)));
      }
    }
  }

  private void commit(TierUse to, List<Change> changes) throws IOException {
    if (!changes.isEmpty()) {
      journal.commit(to, changes);
    }
  }

  private StagedArtifact stage(
      TierUse from,
      TierUse to,
      ArtifactEntry artifact,
      Optional<Digest> predecessor,
      Pace pace,
      Cancellation cancellation)
      throws IOException {
    Volume source = from.volume();
    OptionalLong size = OptionalLong.of(artifact.size());
    try (ReadableByteChannel channel =
        new PacedChannel(
            source.open(Lane.MIGRATION, source.manifest(artifact.digest()), 0, artifact.size()),
            pace)) {
      ProbedContent content = ProbedContent.of(channel, size);
      return ingest.stage(to, artifact.kind(), size, content, predecessor, cancellation);
    } catch (IOException e) {
      from.failed(e);
      throw e;
    }
  }
}
