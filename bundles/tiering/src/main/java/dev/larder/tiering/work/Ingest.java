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
import dev.larder.store.StagedArtifact;
import dev.larder.tiering.placement.CodecChooser;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes contents in on a tier, cut and encoded as suits content and medium. Any thread. */
public final class Ingest {

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
      BlockCutter cutter = cutter(chosen, probe);
      IngestSpec spec =
          new IngestSpec(
              kind,
              size,
              chosen.chunker().id(),
              cutter,
              codecs.choiceFor(use.volume().medium().profile().mediaClass(), kind),
              cancellation,
              predecessor);
      return use.volume().ingest(spec, content);
    } catch (IOException e) {
      use.failed(e);
      throw e;
    }
  }

  private static BlockCutter cutter(Chunkers.Chosen chosen, ContentProbe probe)
      throws LarderException {
    try {
      return chosen.chunker().newCutter(Chunkers.fresh(probe), "");
    } catch (RuntimeException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "chunker " + chosen.chunker().name() + " failed: " + e,
          "update or remove its bundle",
          e);
    }
  }
}
