package dev.larder.chunker.fixed;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Blocks of one size, the last one shorter. It costs nothing, and finds equal blocks only where
 * nothing was inserted before them. Parameters: {@code size=65536}, 512 bytes to 4 MiB.
 */
@Capability(namespace = Chunker.NAME, name = FixedChunker.SHORT_NAME, version = "1.0.0")
@Component(service = Chunker.class, property = Chunker.NAME + "=" + FixedChunker.SHORT_NAME)
public final class FixedChunker implements Chunker {

  static final String SHORT_NAME = "fixed";

  private static final FormatId ID = new FormatId("dev.larder.chunker.fixed", 1);
  private static final String SIZE = "size=";
  private static final int DEFAULT_BYTES = 64 << 10;
  private static final int MIN_BYTES = 512;
  private static final int MAX_BYTES = 4 << 20;

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
    return 1;
  }

  @Override
  public BlockCutter newCutter(ContentProbe probe, String parameters) {
    return new Cutter(parameters.isEmpty() ? DEFAULT_BYTES : size(parameters));
  }

  private static int size(String parameters) {
    if (parameters.startsWith(SIZE) && parameters.length() <= SIZE.length() + 7) {
      try {
        int size = Integer.parseInt(parameters.substring(SIZE.length()));
        if (size >= MIN_BYTES && size <= MAX_BYTES) {
          return size;
        }
      } catch (NumberFormatException e) {
        throw refused(parameters, e);
      }
    }
    throw refused(parameters, null);
  }

  private static IllegalArgumentException refused(String parameters, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "parameters of fixed blocks are size=512 to size=4194304, not " + parameters, cause);
  }

  private record Cutter(int size) implements BlockCutter {

    @Override
    public int maxBlockBytes() {
      return size;
    }

    @Override
    public String parameters() {
      return SIZE + size;
    }

    @Override
    public Cut next(ByteBuffer window, boolean last) {
      return Cut.of(Math.min(size, window.remaining()));
    }
  }
}
