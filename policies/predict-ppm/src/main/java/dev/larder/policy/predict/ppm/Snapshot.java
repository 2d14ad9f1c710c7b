package dev.larder.policy.predict.ppm;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What was learnt, as bytes: {@code LPPM}, version, number of contexts, number of artifacts (all 32
 * bits, big-endian), the contexts, the artifacts, CRC-32C of all before. At most 220 KB.
 */
final class Snapshot {

  private static final int MAGIC = 0x4C50504D;
  private static final int VERSION = 1;
  private static final int HEADER = 4 * Integer.BYTES;
  private static final int FOOTER = Integer.BYTES;

  private Snapshot() {}

  static byte[] write(Contexts contexts, Models models) {
    int size = HEADER + contexts.size() * Contexts.STORED + models.size() * Models.STORED + FOOTER;
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(MAGIC).putInt(VERSION).putInt(contexts.size()).putInt(models.size());
    contexts.write(out);
    models.write(out);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /** Takes up what is sound; anything else changes nothing. */
  static void read(byte[] snapshot, Contexts contexts, Models models) {
    if (snapshot.length < HEADER + FOOTER) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(snapshot);
    boolean known = in.getInt() == MAGIC && in.getInt() == VERSION;
    int contextCount = in.getInt();
    int modelCount = in.getInt();
    if (!known
        || contextCount < 0
        || contextCount > Contexts.MOST
        || modelCount < 0
        || modelCount > Models.MOST) {
      return;
    }
    int body = snapshot.length - FOOTER;
    if (body != HEADER + contextCount * Contexts.STORED + modelCount * Models.STORED
        || in.getInt(body) != checksum(snapshot, body)) {
      return;
    }
    contexts.read(in, contextCount);
    models.read(in, modelCount);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
