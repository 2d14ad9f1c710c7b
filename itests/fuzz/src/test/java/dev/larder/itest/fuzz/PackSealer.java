package dev.larder.itest.fuzz;

import dev.larder.store.format.Checksum;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.StoredBlock;
import java.nio.ByteBuffer;

/**
 * Puts the checksums of a damaged pack right, so that what stands behind them is met: those of
 * headers and trailer, which need the volume's secret, of payloads, and of stored forms. It reads
 * the fields as they are, wrong or not, and has a parser of its own: the store's would stop.
 */
final class PackSealer {

  /** Headers of records, of the pack, and the trailer. */
  static final int HEADERS = 1;

  /** Payloads of records other than runs. */
  static final int PAYLOADS = 2;

  /** Stored forms of blocks, in runs and footers. */
  static final int BLOCKS = 4;

  /** The trailer's offset and length name the last footer. */
  static final int TRAILER = 8;

  private static final long TRAILER_MAGIC = 0x4C41_5244_4552_4654L;
  private static final long HEADER_MAGIC = 0x4C41_5244_4552_504BL;
  private static final int FIXED_HEADER = 52;

  private final ByteBuffer pack;
  private final PackSeal seal;
  private final int what;
  private int footerAt = -1;
  private int footerBytes;

  private PackSealer(byte[] pack, PackSeal seal, int what) {
    this.pack = ByteBuffer.wrap(pack);
    this.seal = seal;
    this.what = what;
  }

  /** Puts checksums right, in place. */
  static void seal(byte[] pack, PackSeal seal, int what) {
    new PackSealer(pack, seal, what).run();
  }

  private boolean wants(int part) {
    return (what & part) != 0;
  }

  private void run() {
    int unit = packHeader();
    int position = unit;
    while (position < pack.limit()) {
      int length = record(position);
      if (length > 0) {
        position += length;
      } else if (pack.get(position) == RecordHeader.PADDING) {
        position = (int) Layout.roundUp(position + 1L, unit);
      } else {
        position++;
      }
    }
    trailer();
  }

  private int packHeader() {
    if (pack.limit() < FIXED_HEADER || pack.getLong(0) != HEADER_MAGIC) {
      return Layout.MIN_UNIT;
    }
    int end = FIXED_HEADER + Short.toUnsignedInt(pack.getShort(FIXED_HEADER - 2));
    if (wants(HEADERS) && end + Layout.CRC_BYTES <= pack.limit()) {
      pack.putInt(end, seal.of(0, pack.slice(0, end)));
    }
    int unit = pack.getInt(12);
    boolean valid =
        unit >= Layout.MIN_UNIT && unit <= Layout.MAX_UNIT && Integer.bitCount(unit) == 1;
    return valid ? unit : Layout.MIN_UNIT;
  }

  /** Length of the record there; 0 if there is none. */
  private int record(int position) {
    int room = pack.limit() - position;
    int type = pack.get(position);
    if (room < Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES || type == RecordHeader.PADDING) {
      return 0;
    }
    int header = pack.getInt(position + 4);
    int payload = pack.getInt(position + 8);
    if (header < Layout.COMMON_HEADER_BYTES + Layout.CRC_BYTES
        || header > Layout.MAX_HEADER
        || payload < 0
        || (long) header + payload > room) {
      return 0;
    }
    if (type == RecordHeader.RUN) {
      run(position, header, payload);
    } else {
      if (type == RecordHeader.FOOTER) {
        footer(position, header, payload);
      }
      if (wants(PAYLOADS)) {
        pack.putInt(position + 12, Checksum.of(pack, position + header, payload));
      }
    }
    if (wants(HEADERS)) {
      RecordHeader.seal(pack, position, header, seal, position);
    }
    return header + payload;
  }

  private void run(int position, int header, int payload) {
    int count = Short.toUnsignedInt(pack.getShort(position + 2));
    int offset = position + header;
    for (int i = 0; i < count; i++) {
      int entry = position + Layout.COMMON_HEADER_BYTES + i * Layout.RUN_ENTRY_BYTES;
      if (entry + Layout.RUN_ENTRY_BYTES > position + header - Layout.CRC_BYTES) {
        return;
      }
      int stored = block(entry + 32, offset, position + header + payload);
      offset += stored;
    }
  }

  /** Puts the checksum of a block right; returns its stored length. */
  private int block(int formAt, long offset, int end) {
    int stored = StoredBlock.read(pack.slice(formAt, 12)).stored();
    if (wants(BLOCKS) && offset >= 0 && offset + stored <= end) {
      pack.putInt(formAt + 8, Checksum.of(pack, (int) offset, stored));
    }
    return stored;
  }

  private void footer(int position, int header, int payload) {
    footerAt = position;
    footerBytes = header + payload;
    int at = position + header;
    int end = at + payload;
    if (header < Layout.COMMON_HEADER_BYTES + 12 + Layout.CRC_BYTES) {
      return;
    }
    for (int formats = pack.getInt(position + 16); formats > 0 && at + 4 <= end; formats--) {
      at += 4 + Byte.toUnsignedInt(pack.get(at + 3));
    }
    for (int blocks = pack.getInt(position + 20);
        blocks > 0 && at + Layout.FOOTER_BLOCK_BYTES <= end;
        blocks--) {
      block(at + 36, pack.getInt(at + 32), pack.limit());
      at += Layout.FOOTER_BLOCK_BYTES;
    }
  }

  private void trailer() {
    int at = pack.limit() - Footer.TRAILER_BYTES;
    if (at < 0 || pack.getLong(at) != TRAILER_MAGIC) {
      return;
    }
    if (wants(TRAILER) && footerAt >= 0) {
      pack.putLong(at + 8, footerAt).putInt(at + 16, footerBytes);
    }
    if (wants(HEADERS)) {
      int crcAt = Footer.TRAILER_BYTES - Layout.CRC_BYTES;
      pack.putInt(at + crcAt, seal.of(at, pack.slice(at, crcAt)));
    }
  }
}
