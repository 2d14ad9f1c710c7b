package dev.larder.tiering.work;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;

/** Cuts where no chunker is installed: blocks of 64 KiB. */
final class BuiltInChunker implements Chunker {

  private static final int BLOCK_BYTES = 64 << 10;
  private static final FormatId ID = new FormatId("dev.larder.chunker.builtin", 1);

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return "built-in";
  }

  @Override
  public int suitability(ContentProbe probe) {
    return 1;
  }

  @Override
  public BlockCutter newCutter(ContentProbe probe, String parameters) {
    return new BlockCutter() {
      @Override
      public int maxBlockBytes() {
        return BLOCK_BYTES;
      }

      @Override
      public String parameters() {
        return "";
      }

      @Override
      public Cut next(ByteBuffer window, boolean last) {
        return Cut.of(Math.min(BLOCK_BYTES, window.remaining()));
      }
    };
  }
}
