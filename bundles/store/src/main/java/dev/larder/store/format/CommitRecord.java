package dev.larder.store.format;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;

/** A commit record, as it is kept in memory: a manifest without its blocks. */
public sealed interface CommitRecord {

  /** Its number on this volume. */
  long sequence();

  /** When. */
  Stamp stamp();

  /** Where it lies. */
  Place place();

  /** The same at another place. */
  CommitRecord at(Place place);

  /** The record's type on the medium. */
  int type();

  /** An artifact is here. */
  record Added(ArtifactEntry artifact, Stamp stamp, Place place) implements CommitRecord {
    @Override
    public long sequence() {
      return artifact.sequence();
    }

    @Override
    public Added at(Place moved) {
      return new Added(artifact, stamp, moved);
    }

    @Override
    public int type() {
      return RecordHeader.MANIFEST;
    }
  }

  /** A reference changed. */
  record Pointed(long sequence, ReferenceChange change, Place place) implements CommitRecord {
    @Override
    public Stamp stamp() {
      return change.stamp();
    }

    @Override
    public Pointed at(Place moved) {
      return new Pointed(sequence, change, moved);
    }

    @Override
    public int type() {
      return RecordHeader.REFERENCE;
    }
  }

  /** An artifact is no longer here. */
  record Dropped(long sequence, Digest digest, Stamp stamp, Place place) implements CommitRecord {
    @Override
    public Dropped at(Place moved) {
      return new Dropped(sequence, digest, stamp, moved);
    }

    @Override
    public int type() {
      return RecordHeader.DROP;
    }
  }
}
