package dev.larder.chunker.fastcdc;

import dev.larder.api.ArtifactKind;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Content-defined blocks: bytes inserted or removed change the blocks around them and no others.
 *
 * <p>FastCDC with normalised chunking (Xia et al., "FastCDC: a Fast and Efficient Content-Defined
 * Chunking Approach for Data Deduplication", USENIX ATC 2016). Parameters: {@code
 * min=16384,avg=65536,max=262144,nc=2}.
 *
 * <p>Left to itself it takes an average of 16 KiB for models of floats of up to 256 MiB, 32 KiB for
 * other models and protocol data, and 64 KiB for what is larger or of unknown length. Contents find
 * each other's blocks only if they are cut alike: a successor should be given its predecessor's
 * parameters.
 */
@Capability(namespace = Chunker.NAME, name = FastCdcChunker.SHORT_NAME, version = "1.0.0")
@Component(service = Chunker.class, property = Chunker.NAME + "=" + FastCdcChunker.SHORT_NAME)
public final class FastCdcChunker implements Chunker {

  static final String SHORT_NAME = "fastcdc";

  private static final FormatId ID = new FormatId("dev.larder.chunker.fastcdc", 1);
  private static final int SUITABILITY = 10;

  /** Above it, blocks of 16 KiB are too many to keep in a small heap: 16,384 of them here. */
  private static final long FINE_UP_TO_BYTES = 256L << 20;

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public int suitability(ContentProbe probe) {
    return SUITABILITY;
  }

  @Override
  public BlockCutter newCutter(ContentProbe probe, String parameters) {
    return new FastCdcCutter(parameters.isEmpty() ? choice(probe) : Parameters.parse(parameters));
  }

  private static Parameters choice(ContentProbe probe) {
    if (probe.kind() == ArtifactKind.PROTOCOL_DATA) {
      return Parameters.MIDDLE;
    }
    if (probe.size().orElse(Long.MAX_VALUE) > FINE_UP_TO_BYTES) {
      return Parameters.COARSE;
    }
    return Numbers.areFloats(probe.head()) ? Parameters.FINE : Parameters.MIDDLE;
  }
}
