package dev.larder.spi.media;

/** Classes of media that rules of placement and of codecs tell apart. */
public enum MediaClass {
  /** Byte-addressable persistent memory. */
  PMEM,
  /** Flash behind NVMe. */
  NVME,
  /** Soldered flash behind the MMC bus. */
  EMMC,
  /** A card behind the SD bus. */
  SD,
  /** A store behind a network. */
  REMOTE,
  /** Anything else. */
  OTHER
}
