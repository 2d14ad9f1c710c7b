package dev.larder.api;

/**
 * What a tier's medium does beyond latency and bandwidth of reading, and how it is read.
 *
 * @param measured whether this and those were measured on the medium, as far as it could be, and
 *     not taken from what is expected of such media
 * @param writeMBps bandwidth of writing, in millions of bytes a second
 * @param randomReadsPerSecond small ones at random places, several at once
 * @param forceMicros of one small append and its force; 0 if not known
 * @param queueDepth reads that are under way at once
 * @param extentBytes most of one read
 */
public record TierFigures(
    boolean measured,
    double writeMBps,
    int randomReadsPerSecond,
    double forceMicros,
    int queueDepth,
    int extentBytes) {

  /** Of a tier that is not open. */
  public static final TierFigures UNKNOWN = new TierFigures(false, 0, 0, 0, 0, 0);
}
