package dev.larder.codec.planes;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;

/** Writes Zstandard frames of nothing but their blocks. For one thread. */
final class Frames implements AutoCloseable {

  private final ZstdCompressCtx context;

  Frames(int level) {
    this.context =
        new ZstdCompressCtx()
            .setLevel(level)
            .setMagicless(true)
            .setContentSize(false)
            .setChecksum(false)
            .setDictID(false);
  }

  /**
   * Writes a frame.
   *
   * @return its length, or -1 if it does not fit
   */
  int write(byte[] from, int at, int length, byte[] to, int toAt, int room) throws IOException {
    if (room <= 0) {
      return -1;
    }
    try {
      return context.compressByteArray(to, toAt, room, from, at, length);
    } catch (ZstdException e) {
      if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
        return -1;
      }
      throw new IOException("Zstandard cannot encode a plane", e);
    }
  }

  /** What frames may refer to from now on. */
  void prefix(byte[] reference) {
    context.loadDict(reference);
  }

  @Override
  public void close() {
    context.close();
  }
}
