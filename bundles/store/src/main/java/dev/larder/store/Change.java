package dev.larder.store;

import dev.larder.api.Digest;

/** What a commit record says. */
public sealed interface Change {

  /** A staged artifact becomes a replica, or takes the place of one that is damaged. */
  record Add(StagedArtifact artifact) implements Change {}

  /** A reference changes; its target must be a replica here, or be added by the same commit. */
  record Point(ReferenceChange change) implements Change {}

  /**
   * A reference has changed on another volume: this one takes note of it, so that what it holds
   * itself is not taken for the newest while that volume is away. The target need not be here. In a
   * commit of nothing but notes each holds for itself.
   */
  record Note(ReferenceChange change) implements Change {}

  /** A replica is no longer here: it moved away, or nothing needs it. */
  record Drop(Digest digest, Stamp stamp) implements Change {}
}
