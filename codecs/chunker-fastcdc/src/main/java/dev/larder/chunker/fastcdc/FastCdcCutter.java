package dev.larder.chunker.fastcdc;

import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import java.nio.ByteBuffer;

/**
 * Finds cuts. The bytes are looked at in an array, a few KiB at a time: there the compiler leaves
 * the bounds checks out, which it does not for a buffer.
 */
final class FastCdcCutter implements BlockCutter {

  private static final int STEP = 8 << 10;

  private final Parameters parameters;
  private final long[] gear = Gear.table();
  private final long maskBefore;
  private final long maskAfter;
  private final byte[] bytes = new byte[STEP];

  /** State of the search: hash of the bytes so far. */
  private long hash;

  FastCdcCutter(Parameters parameters) {
    this.parameters = parameters;
    this.maskBefore = Gear.mask(parameters.bits() + parameters.level());
    this.maskAfter = Gear.mask(parameters.bits() - parameters.level());
  }

  @Override
  public int maxBlockBytes() {
    return parameters.max();
  }

  @Override
  public String parameters() {
    return parameters.text();
  }

  @Override
  public Cut next(ByteBuffer window, boolean last) {
    int end = Math.min(window.remaining(), parameters.max());
    if (end <= parameters.min()) {
      return Cut.of(end);
    }
    int middle = Math.min(end, parameters.average());
    hash = 0;
    int cut = search(window, parameters.min(), middle, maskBefore);
    if (cut < 0) {
      cut = search(window, middle, end, maskAfter);
    }
    return Cut.of(cut < 0 ? end : cut);
  }

  /** The first cut in a range of the window, or -1. */
  private int search(ByteBuffer window, int from, int to, long mask) {
    int start = window.position();
    for (int at = from; at < to; at += STEP) {
      int length = Math.min(STEP, to - at);
      window.get(start + at, bytes, 0, length);
      int found = scan(length, mask);
      if (found >= 0) {
        return at + found;
      }
    }
    return -1;
  }

  private int scan(int length, long mask) {
    byte[] in = bytes;
    long[] table = gear;
    long h = hash;
    for (int i = 0; i < length; i++) {
      h = (h << 1) + table[in[i] & 0xFF];
      if ((h & mask) == 0) {
        return i + 1;
      }
    }
    hash = h;
    return -1;
  }
}
