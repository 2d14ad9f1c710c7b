package dev.larder.tiering.work;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.IngestSpec;
import dev.larder.store.Manifest;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Volume;
import dev.larder.tiering.placement.CodecChooser;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes contents in on a tier, cut and encoded as suits content and medium. Any thread. */
public final class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

  private final Chunkers chunkers;
  private final CodecChooser codecs;

  /** With the chunkers and codecs that are installed. */
  public Ingest(PluginRegistry<Chunker> chunkers, CodecChooser codecs) {
    this.chunkers = new Chunkers(chunkers);
    this.codecs = codecs;
  }

  /**
   * Takes a content in; it is neither durable nor visible before its commit.
   *
   * @param predecessor what deltas are tried against, if it is on the tier
   */
  StagedArtifact stage(
      TierUse use,
      ArtifactKind kind,
      OptionalLong size,
      ProbedContent content,
      Optional<Digest> predecessor,
      Cancellation cancellation)
      throws IOException {
    ContentProbe probe = content.probe(kind, size);
    try (Chunkers.Chosen chosen = chunkers.choose(probe)) {
      BlockCutter cutter = cutter(chosen, probe, parameters(use, chosen, predecessor));
      IngestSpec spec =
          new IngestSpec(
              kind,
              size,
              chosen.chunker().id(),
              cutter,
              codecs.choiceFor(use.volume().medium().profile(), kind),
              cancellation,
              predecessor);
      return use.volume().ingest(spec, content);
    } catch (IOException e) {
      use.failed(e);
      throw e;
    }
  }

  /** Contents find each other's blocks only if they are cut alike. */
  private static String parameters(
      TierUse use, Chunkers.Chosen chosen, Optional<Digest> predecessor) {
    Volume volume = use.volume();
    if (predecessor.isEmpty() || volume.artifact(predecessor.get()).isEmpty()) {
      return "";
    }
    try {
      Manifest before = volume.manifest(predecessor.get());
      return before.chunker().equals(chosen.chunker().id()) ? before.chunkerParameters() : "";
    } catch (IOException e) {
      LOG.debug("how {} was cut cannot be read", predecessor.get(), e);
      return ""; // it was collected meanwhile, or is damaged
    }
  }

  private static BlockCutter cutter(Chunkers.Chosen chosen, ContentProbe probe, String parameters)
      throws LarderException {
    try {
      return chosen.chunker().newCutter(Chunkers.fresh(probe), parameters);
    } catch (RuntimeException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "chunker " + chosen.chunker().name() + " failed: " + e,
          "update or remove its bundle",
          e);
    }
  }
}
