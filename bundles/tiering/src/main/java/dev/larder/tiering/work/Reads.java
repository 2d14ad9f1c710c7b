package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import dev.larder.store.ArtifactEntry;
import java.io.IOException;
import java.util.Optional;

/** Opens stored artifacts. Any thread. */
public final class Reads {

  private final References references;
  private final Replicas replicas;
  private final Pins pins;

  /** Over all tiers. */
  public Reads(References references, Replicas replicas, Pins pins) {
    this.references = references;
    this.replicas = replicas;
    this.pins = pins;
  }

  /** Opens what a reference stands for. */
  public StoredContent open(Reference reference) throws IOException {
    Digest digest = references.require(reference);
    if (replicas.awaitEntry(digest).isEmpty()) {
      throw references.lost(reference, digest);
    }
    return open(digest);
  }

  /** Opens content by digest, on a tier that is there or comes back in a moment. */
  public StoredContent open(Digest digest) throws IOException {
    Pins.Pin pin = pins.pin(digest);
    try {
      Optional<ArtifactEntry> known = replicas.awaitEntry(digest);
      long size =
          known.isPresent()
              ? known.get().size()
              : replicas.onAny(digest, use -> size(use.volume().artifact(digest), digest));
      return new StoredArtifact(digest, size, replicas, pin);
    } catch (IOException | RuntimeException e) {
      pin.close();
      throw e;
    }
  }

  private static long size(Optional<ArtifactEntry> entry, Digest digest) throws LarderException {
    return entry
        .orElseThrow(() -> LarderException.notFound("there is no artifact " + digest, ""))
        .size();
  }
}
