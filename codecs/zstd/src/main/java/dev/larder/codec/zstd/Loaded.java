package dev.larder.codec.zstd;

import com.github.luben.zstd.ZstdDictContentType;
import java.util.function.BiConsumer;

/** Remembers which prefix a context holds: a dictionary is used for block after block. */
final class Loaded {

  private byte[] bytes = {};
  private ZstdDictContentType type = ZstdDictContentType.RAW_CONTENT;

  /** Loads a prefix unless the context holds it already. */
  void ensure(Prefix prefix, BiConsumer<byte[], ZstdDictContentType> load) {
    if (prefix.sameAs(bytes, type)) {
      return;
    }
    byte[] copy = prefix.copy();
    bytes = new byte[0];
    load.accept(copy, prefix.type());
    bytes = copy;
    type = prefix.type();
  }
}
