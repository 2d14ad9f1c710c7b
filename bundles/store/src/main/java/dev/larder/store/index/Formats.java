package dev.larder.store.index;

import dev.larder.api.FormatId;
import dev.larder.store.Codecs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the codecs that a volume's blocks are stored with, in memory. Thread-safe. */
public final class Formats {

  private static final int MOST = 255;

  private final List<FormatId> byNumber = new ArrayList<>(List.of(Codecs.NONE));
  private final Map<FormatId, Integer> numbers = new HashMap<>(Map.of(Codecs.NONE, 0));

  /** The number of a codec, 0 to 255; -1 if there are too many. */
  public synchronized int number(FormatId format) {
    Integer known = numbers.get(format);
    if (known != null) {
      return known;
    }
    if (byNumber.size() > MOST) {
      return -1;
    }
    byNumber.add(format);
    numbers.put(format, byNumber.size() - 1);
    return byNumber.size() - 1;
  }

  /** The codec of a number. */
  public synchronized FormatId format(int number) {
    return byNumber.get(number);
  }

  /** All codecs but none, by number. */
  public synchronized List<FormatId> all() {
    return List.copyOf(byNumber.subList(1, byNumber.size()));
  }
}
