package dev.larder.store.format;

import dev.larder.spi.codec.Codec;

/** Sizes and limits of the format. Every length that is read from a medium is held against them. */
public final class Layout {

  /** Version that is written. */
  public static final int FORMAT_VERSION = 3;

  /** Oldest version whose readers understand what is written; see {@code docs/format.md}. */
  public static final int MINIMUM_READER = 3;

  /** A superblock copy. */
  public static final int SUPERBLOCK_BYTES = 4096;

  /** Smallest unit that a force starts on. */
  public static final int MIN_UNIT = 512;

  /** Largest unit that a force starts on. */
  public static final int MAX_UNIT = 64 << 10;

  /** Smallest target size of a pack. */
  public static final long MIN_PACK = 1 << 20;

  /** Largest target size of a pack. */
  public static final long MAX_PACK = 256 << 20;

  /** No pack grows beyond this, so that offsets fit an int. */
  public static final long MAX_PACK_SIZE = Integer.MAX_VALUE;

  /** Longest block. */
  public static final int MAX_BLOCK = Codec.MAX_BLOCK_BYTES;

  /** Most blocks of one artifact. */
  public static final int MAX_ARTIFACT_BLOCKS = 1 << 20;

  /** Most blocks of one run record. */
  public static final int MAX_RUN_BLOCKS = 256;

  /** Longest header of a record. */
  public static final int MAX_HEADER = 16 << 10;

  /** Longest payload of a record that is neither a run nor a manifest. */
  public static final int MAX_SMALL_PAYLOAD = 64 << 10;

  /** Longest payload of a run: two windows of the largest blocks. */
  public static final int MAX_RUN_PAYLOAD = 2 * MAX_BLOCK + (1 << 20);

  /** Longest footer that is believed; a pack with a longer one is scanned. */
  public static final int MAX_FOOTER = 32 << 20;

  /** A pack is sealed when its footer would come near this. */
  public static final int FOOTER_TARGET = 2 << 20;

  /** One block in a run's table. */
  public static final int RUN_ENTRY_BYTES = 44;

  /** One block in a footer. */
  public static final int FOOTER_BLOCK_BYTES = 48;

  /** One block in a manifest. */
  public static final int MANIFEST_BLOCK_BYTES = 36;

  /** Length of the fields that all record headers begin with. */
  public static final int COMMON_HEADER_BYTES = 16;

  /** Length of a checksum. */
  public static final int CRC_BYTES = 4;

  /** No counter of a gateway or volume ever gets here. */
  public static final long COUNTER_LIMIT = 1L << 56;

  /**
   * A gateway does not follow a counter that claims to be above this: else one hostile medium could
   * drive its own up to the limit, where nobody would believe it any more.
   */
  public static final long COUNTER_TRUSTED = 1L << 55;

  private Layout() {}

  /** The first multiple of a unit that is not below a position. */
  public static long roundUp(long position, int unit) {
    return (position + unit - 1) / unit * unit;
  }
}
