package dev.larder.store;

/**
 * Figures of a volume.
 *
 * @param uniqueBlocks distinct blocks
 * @param rawBytes their unencoded bytes
 * @param storedBytes their encoded bytes
 * @param packs packs
 * @param allocatedBytes what its files take on the medium
 * @param bytesWritten at the SPI since the volume was made, as far as its superblock knows
 * @param bytesRead at the SPI since it was opened
 * @param reads of packs since it was opened
 * @param readLatencyMicros of a small read lately; 0 if there was none
 * @param readBytesPerSecond that it gave lately; 0 if too little was read
 * @param forces since it was opened
 * @param indexBytes memory of its block index
 */
public record VolumeStatistics(
    long uniqueBlocks,
    long rawBytes,
    long storedBytes,
    long packs,
    long allocatedBytes,
    long bytesWritten,
    long bytesRead,
    long reads,
    double readLatencyMicros,
    double readBytesPerSecond,
    long forces,
    long indexBytes) {}
