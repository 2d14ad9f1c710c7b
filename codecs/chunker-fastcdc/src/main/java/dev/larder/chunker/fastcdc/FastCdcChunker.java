package dev.larder.chunker.fastcdc;

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
 * Chunking Approach for Data Deduplication", USENIX ATC 2016). Parameters: see {@link Parameters}.
 */
@Capability(namespace = Chunker.NAME, name = FastCdcChunker.SHORT_NAME, version = "1.0.0")
@Component(service = Chunker.class, property = Chunker.NAME + "=" + FastCdcChunker.SHORT_NAME)
public final class FastCdcChunker implements Chunker {

  static final String SHORT_NAME = "fastcdc";

  private static final FormatId ID = new FormatId("dev.larder.chunker.fastcdc", 1);
  private static final int SUITABILITY = 10;

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
    return new FastCdcCutter(
        parameters.isEmpty() ? Parameters.DEFAULT : Parameters.parse(parameters));
  }
}
