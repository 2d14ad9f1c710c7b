package dev.larder.spi.media;

/**
 * What a medium does and wants.
 *
 * @param mediaClass its class
 * @param readLatencyMicros of one small read
 * @param readBytesPerSecond sequential
 * @param writeBytesPerSecond sequential
 * @param randomReadsPerSecond small ones at random places, several at once
 * @param forceMicros of one small append and its force; 0 if not known
 * @param queueDepth reads that it takes at once with profit; 1 to 64
 * @param extentBytes best size of one read; 64 KiB to 16 MiB, a power of two
 * @param alignmentBytes to which offset, length and address of direct I/O must be aligned; a power
 *     of two, 512 to 64 KiB
 * @param sectorBytes what the medium writes as one unit at the least; a power of two, 512 to 64 KiB
 * @param eraseBytes its erase block, a hint for the size of packs; 0 if not known
 * @param forceBelieved whether {@code force} puts bytes beyond a power cut
 */
public record MediaProfile(
    MediaClass mediaClass,
    double readLatencyMicros,
    long readBytesPerSecond,
    long writeBytesPerSecond,
    int randomReadsPerSecond,
    double forceMicros,
    int queueDepth,
    int extentBytes,
    int alignmentBytes,
    int sectorBytes,
    int eraseBytes,
    boolean forceBelieved) {

  /** Checks the ranges. */
  public MediaProfile {
    check(readLatencyMicros >= 0, "readLatencyMicros", readLatencyMicros);
    check(readBytesPerSecond > 0, "readBytesPerSecond", readBytesPerSecond);
    check(writeBytesPerSecond > 0, "writeBytesPerSecond", writeBytesPerSecond);
    check(randomReadsPerSecond >= 0, "randomReadsPerSecond", randomReadsPerSecond);
    check(forceMicros >= 0, "forceMicros", forceMicros);
    check(validDepth(queueDepth), "queueDepth", queueDepth);
    check(validExtent(extentBytes), "extentBytes", extentBytes);
    check(
        alignmentBytes >= 512 && alignmentBytes <= 64 << 10 && powerOfTwo(alignmentBytes),
        "alignmentBytes",
        alignmentBytes);
    check(
        sectorBytes >= 512 && sectorBytes <= 64 << 10 && powerOfTwo(sectorBytes),
        "sectorBytes",
        sectorBytes);
    check(eraseBytes >= 0, "eraseBytes", eraseBytes);
  }

  /** One that takes small reads one by one, and whose forces are not known. */
  public MediaProfile(
      MediaClass mediaClass,
      double readLatencyMicros,
      long readBytesPerSecond,
      long writeBytesPerSecond,
      int queueDepth,
      int extentBytes,
      int alignmentBytes,
      int sectorBytes,
      int eraseBytes,
      boolean forceBelieved) {
    this(
        mediaClass,
        readLatencyMicros,
        readBytesPerSecond,
        writeBytesPerSecond,
        (int) (1e6 / Math.max(1, readLatencyMicros)),
        0,
        queueDepth,
        extentBytes,
        alignmentBytes,
        sectorBytes,
        eraseBytes,
        forceBelieved);
  }

  static boolean validDepth(int depth) {
    return depth >= 1 && depth <= 64;
  }

  static boolean validExtent(int bytes) {
    return bytes >= 64 << 10 && bytes <= 16 << 20 && powerOfTwo(bytes);
  }

  private static boolean powerOfTwo(int value) {
    return Integer.bitCount(value) == 1;
  }

  private static void check(boolean holds, String what, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is out of range: " + value);
    }
  }

  /** The same with what was measured in place of what was expected. */
  public MediaProfile tuned(Measurement found) {
    return new MediaProfile(
        mediaClass,
        found.readLatencyMicros() > 0 ? found.readLatencyMicros() : readLatencyMicros,
        found.readBytesPerSecond() > 0 ? found.readBytesPerSecond() : readBytesPerSecond,
        found.writeBytesPerSecond() > 0 ? found.writeBytesPerSecond() : writeBytesPerSecond,
        found.randomReadsPerSecond() > 0 ? found.randomReadsPerSecond() : randomReadsPerSecond,
        found.forceMicros() > 0 ? found.forceMicros() : forceMicros,
        found.queueDepth() > 0 ? found.queueDepth() : queueDepth,
        found.extentBytes() > 0 ? found.extentBytes() : extentBytes,
        alignmentBytes,
        sectorBytes,
        eraseBytes,
        forceBelieved);
  }

  /** The same with the device's own sector and alignment. */
  public MediaProfile withGeometry(int alignment, int sector) {
    return new MediaProfile(
        mediaClass,
        readLatencyMicros,
        readBytesPerSecond,
        writeBytesPerSecond,
        randomReadsPerSecond,
        forceMicros,
        queueDepth,
        extentBytes,
        alignment,
        sector,
        eraseBytes,
        forceBelieved);
  }
}
