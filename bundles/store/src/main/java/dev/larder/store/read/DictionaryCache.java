package dev.larder.store.read;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The dictionaries that were used last: small blocks would be slow to read with theirs. */
final class DictionaryCache {

  private static final int MOST = 8;

  private final Map<Digest, ByteBuffer> newestLast = new LinkedHashMap<>(MOST, 0.75f, true);

  /** A view of one, if it is here. */
  synchronized @Nullable ByteBuffer get(Digest hash) {
    ByteBuffer known = newestLast.get(hash);
    return known == null ? null : known.duplicate();
  }

  /** Keeps one, which nobody writes to any more. */
  synchronized void put(Digest hash, ByteBuffer dictionary) {
    newestLast.put(hash, dictionary.duplicate());
    if (newestLast.size() > MOST) {
      newestLast.remove(newestLast.keySet().iterator().next());
    }
  }
}
