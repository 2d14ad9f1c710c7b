package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.format.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume that an older version of the format wrote is read by every later one. */
class GoldenFilesTest {

  private static final List<byte[]> CONTENTS =
      List.of(new byte[0], new byte[] {42}, Bench.text(9_000, 1), Bench.random(5_000, 2));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Layout.FORMAT_VERSION})
  void readsFormatVersion(int version) throws IOException {
    MemoryDisk disk = disk(version);
    disk.writable = false;
    try (Bench bench = new Bench(4 << 10);
        Volume volume = bench.open(disk)) {
      assertThat(volume.epoch()).isEqualTo(2);
      assertThat(volume.lastSequence()).isEqualTo(7);
      verify(volume);
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Layout.FORMAT_VERSION})
  void writesToFormatVersion(int version) throws IOException {
    MemoryDisk disk = disk(version);
    try (Bench bench = new Bench(4 << 10)) {
      byte[] content = Bench.random(20_000, 9);
      try (Volume volume = bench.open(disk)) {
        bench.put(volume, content);
        Bench.collect(volume, Set.copyOf(Bench.digests(volume)));
      }
      try (Volume volume = bench.open(disk)) {
        verify(volume);
        assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
      }
    }
  }

  private static MemoryDisk disk(int version) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    for (int copy = 0; copy < 2; copy++) {
      disk.superblocks[copy] = resource(version, "superblock-" + copy);
    }
    for (long number : new long[] {1, version == 1 ? 2 : 3}) {
      MemoryDisk.Pack pack = new MemoryDisk.Pack();
      pack.bytes = resource(version, "pack-" + number);
      pack.size = pack.bytes.length;
      pack.durable = pack.size;
      pack.durableExists = true;
      disk.packs.put(number, pack);
    }
    return disk;
  }

  private static void verify(Volume volume) throws IOException {
    assertThat(Bench.digests(volume))
        .containsAll(CONTENTS.subList(1, 4).stream().map(Bench::digest).toList());
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
  }

  private static byte[] resource(int version, String name) throws IOException {
    String path = "/golden/v" + version + "/" + name;
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream(path)) {
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
