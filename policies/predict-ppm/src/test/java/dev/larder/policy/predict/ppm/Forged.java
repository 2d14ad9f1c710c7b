package dev.larder.policy.predict.ppm;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;

/** Snapshots with a right checksum and with anything else in them. */
final class Forged {

  private Forged() {}

  static byte[] snapshot(Random random) {
    int contexts = random.nextInt(40);
    int models = random.nextInt(40);
    int body = 16 + contexts * Contexts.STORED + models * Models.STORED;
    byte[] bytes = new byte[body + 4];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes);
    out.putInt(0x4C50504D).putInt(1).putInt(contexts).putInt(models);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, body);
    out.putInt(body, (int) crc.getValue());
    return bytes;
  }
}
