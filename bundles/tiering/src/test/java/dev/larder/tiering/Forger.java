package dev.larder.tiering;

import dev.larder.store.format.Checksum;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes hostile volumes out of good ones: rewrites records and gives them right checksums, as
 * somebody could who has the medium in hand. Footers go, so that the records are read.
 */
final class Forger {

  /** Changes a record. */
  interface Change {
    /**
     * Changes it in place.
     *
     * @param type one of {@link RecordHeader}
     * @param header all of it, its checksum included
     * @param payload what follows
     */
    void on(int type, ByteBuffer header, ByteBuffer payload);
  }

  private Forger() {}

  static void forge(Path folder, Change change) throws IOException {
    Superblock superblock =
        Superblock.decode(ByteBuffer.wrap(Files.readAllBytes(folder.resolve("superblock.0"))))
            .orElseThrow();
    List<Path> packs;
    try (var files = Files.list(folder)) {
      packs = files.filter(file -> file.toString().endsWith(".lpk")).toList();
    }
    for (Path pack : packs) {
      String digits = pack.getFileName().toString().replaceAll("pack-|\\.lpk", "");
      PackSeal seal = new PackSeal(superblock.secret(), Long.parseLong(digits, 16));
      byte[] bytes = Files.readAllBytes(pack);
      int end = forge(ByteBuffer.wrap(bytes), seal, superblock.unit(), change);
      Files.write(pack, java.util.Arrays.copyOf(bytes, end));
    }
  }

  private static int forge(ByteBuffer pack, PackSeal seal, int unit, Change change) {
    int position = unit;
    while (position < pack.capacity()) {
      RecordHeader header =
          RecordHeader.read(
              pack.duplicate().position(position), seal, position, pack.capacity() - position);
      if (header == null) {
        position = (int) Layout.roundUp(position + 1, unit);
      } else if (header.type() == RecordHeader.FOOTER) {
        return position;
      } else {
        ByteBuffer payload = pack.slice(position + header.headerBytes(), header.payloadBytes());
        change.on(header.type(), pack.slice(position, header.headerBytes()), payload);
        if (header.type() != RecordHeader.RUN) {
          pack.putInt(position + 12, Checksum.of(payload));
        }
        RecordHeader.seal(pack, position, header.headerBytes(), seal, position);
        position += (int) header.bytes();
      }
    }
    return pack.capacity();
  }
}
