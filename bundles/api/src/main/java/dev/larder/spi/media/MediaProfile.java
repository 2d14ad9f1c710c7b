package dev.larder.spi.media;

/**
 * What a medium does and wants.
 *
 * @param mediaClass its class
 * @param readLatencyMicros of one small read
 * @param readBytesPerSecond sequential
 * @param writeBytesPerSecond sequential
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
    check(queueDepth >= 1 && queueDepth <= 64, "queueDepth", queueDepth);
    check(
        extentBytes >= 64 << 10 && extentBytes <= 16 << 20 && powerOfTwo(extentBytes),
        "extentBytes",
        extentBytes);
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

  private static boolean powerOfTwo(int value) {
    return Integer.bitCount(value) == 1;
  }

  private static void check(boolean holds, String what, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is out of range: " + value);
    }
  }

  /** The same with measured figures. */
  public MediaProfile measured(double latencyMicros, long readRate, long writeRate) {
    return new MediaProfile(
        mediaClass,
        latencyMicros,
        readRate,
        writeRate,
        queueDepth,
        extentBytes,
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
        queueDepth,
        extentBytes,
        alignment,
        sector,
        eraseBytes,
        forceBelieved);
  }
}
