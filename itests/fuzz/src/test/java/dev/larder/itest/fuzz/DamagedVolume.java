package dev.larder.itest.fuzz;

import dev.larder.store.format.Checksum;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.Superblock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A volume as bytes: one byte of choices, the fields of the superblock, then the packs, each behind
 * its length in three bytes. Checksums are put right as the choices say, so that the damage is
 * behind them.
 */
final class DamagedVolume implements Target {

  private static final int READ_ONLY = 16;
  private static final int FOREIGN = 32;
  private static final int ONE_COPY = 64;
  private static final int RAW_SUPERBLOCK = 128;

  private static final int FIELDS_AT = 8;
  private static final int FIELD_BYTES = 120;
  private static final int MOST_PACKS = 8;

  /** The input that is a volume as it was written. */
  static byte[] encode(int choices, byte[] superblock, List<byte[]> packs) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(choices);
    out.write(superblock, FIELDS_AT, FIELD_BYTES);
    for (byte[] pack : packs) {
      out.write(pack.length >> 16);
      out.write(pack.length >> 8);
      out.write(pack.length);
      out.write(pack);
    }
    return out.toByteArray();
  }

  @Override
  public void take(byte[] input) throws Exception {
    Bytes in = new Bytes(input);
    int choices = in.next();
    byte[] superblock = new byte[Layout.SUPERBLOCK_BYTES];
    ByteBuffer.wrap(superblock).putLong(0x4C41_5244_4552_5342L).put(in.take(FIELD_BYTES));
    if ((choices & RAW_SUPERBLOCK) == 0) {
      int crcAt = Layout.SUPERBLOCK_BYTES - Layout.CRC_BYTES;
      ByteBuffer bytes = ByteBuffer.wrap(superblock);
      bytes.putInt(crcAt, Checksum.of(bytes, 0, crcAt));
    }
    Optional<Superblock> known = read(superblock);
    HostileMedium medium = new HostileMedium((choices & READ_ONLY) == 0);
    medium.superblock(0, superblock);
    medium.superblock(1, (choices & ONE_COPY) == 0 ? superblock.clone() : null);
    long secret = known.map(Superblock::secret).orElse(0L);
    for (int number = 1; number <= MOST_PACKS && in.more(); number++) {
      byte[] pack = in.take(in.next() << 16 | in.next() << 8 | in.next());
      PackSealer.seal(pack, new PackSeal(secret, number), choices);
      medium.pack(number, pack);
    }
    UUID gateway =
        (choices & FOREIGN) == 0
            ? known.map(Superblock::writer).orElse(VolumeExercise.ANOTHER)
            : VolumeExercise.ANOTHER;
    VolumeExercise.run(medium, gateway);
  }

  private static Optional<Superblock> read(byte[] superblock) {
    try {
      return Superblock.decode(ByteBuffer.wrap(Arrays.copyOf(superblock, superblock.length)));
    } catch (dev.larder.api.LarderException e) {
      return Optional.empty();
    }
  }
}
