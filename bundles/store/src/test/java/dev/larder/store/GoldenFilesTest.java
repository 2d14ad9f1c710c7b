package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A volume that format version 1 wrote is read by every later version. */
class GoldenFilesTest {

  private static final String FOLDER = "/golden/v1/";
  private static final List<byte[]> CONTENTS =
      List.of(new byte[0], new byte[] {42}, Bench.text(9_000, 1), Bench.random(5_000, 2));

  @Test
  void readsFormatVersion1() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    for (int copy = 0; copy < 2; copy++) {
      disk.superblocks[copy] = resource("superblock-" + copy);
    }
    for (long number : new long[] {1, 2}) {
      MemoryDisk.Pack pack = new MemoryDisk.Pack();
      pack.bytes = resource("pack-" + number);
      pack.size = pack.bytes.length;
      pack.durable = pack.size;
      pack.durableExists = true;
      disk.packs.put(number, pack);
    }
    disk.writable = false;
    try (Bench bench = new Bench(4 << 10);
        Volume volume = bench.open(disk)) {
      assertThat(volume.epoch()).isEqualTo(2);
      assertThat(volume.lastSequence()).isEqualTo(7);
      assertThat(volume.artifacts()).hasSize(3);
      for (byte[] content : CONTENTS.subList(1, 4)) {
        assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
      }
      Digest text = Bench.digest(CONTENTS.get(2));
      assertThat(volume.references().get(0).reference()).isEqualTo(new Reference("a/b", "c"));
      assertThat(volume.references().get(0).target()).contains(text);
      assertThat(volume.references().get(1).target()).isEmpty();
      Manifest manifest = volume.manifest(text);
      assertThat(manifest.blocks()).isEqualTo(3);
      assertThat(manifest.chunker()).isEqualTo(Bench.FIXED);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream(FOLDER + name)) {
      return in.readAllBytes();
    }
  }

  /** Writes the files anew; only ever for a new version of the format, into a folder of its own. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    MemoryDisk disk = new MemoryDisk();
    try (Bench bench = new Bench(4 << 10)) {
      try (Volume volume = bench.open(disk)) {
        bench.put(volume, CONTENTS.get(0));
        bench.put(volume, CONTENTS.get(1));
      }
      VolumeContext other = bench.context(new UUID(2, 2));
      Volume volume = Volume.open(disk.open(), other);
      bench.put(volume, other, "a/b:c", CONTENTS.get(2));
      bench.put(volume, CONTENTS.get(3));
      volume.commit(
          List.of(
              new Change.Drop(Bench.digest(CONTENTS.get(0)), other.stamps().next()),
              new Change.Point(Bench.point(other, "a/b:c", null))));
      disk.powerCut(MemoryDisk.Cut.DROP, new Random(1)); // the second pack has no footer
    }
    for (int copy = 0; copy < 2; copy++) {
      Files.write(folder.resolve("superblock-" + copy), disk.superblocks[copy]);
    }
    for (Map.Entry<Long, MemoryDisk.Pack> pack : disk.packs.entrySet()) {
      byte[] bytes = java.util.Arrays.copyOf(pack.getValue().bytes, pack.getValue().size);
      Files.write(folder.resolve("pack-" + pack.getKey()), bytes);
    }
  }
}
