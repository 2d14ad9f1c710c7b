package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bits flip, files are cut, hostile bytes are planted: never a wrong byte, never a crash. */
class DamageTest {

  private final Bench bench = new Bench(4 << 10);

  @AfterEach
  void end() {
    bench.close();
  }

  private MemoryDisk filled(boolean sealed) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    VolumeContext context = bench.context(Bench.GATEWAY);
    Volume volume = Volume.open(disk.open(), context);
    for (int i = 0; i < 4; i++) {
      bench.put(volume, context, "n" + i, Bench.text(20_000, i));
      bench.put(volume, Bench.random(9_000, i));
    }
    if (sealed) {
      volume.close();
    } else {
      disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    }
    return disk;
  }

  private void verify(MemoryDisk disk, int fewest) throws IOException {
    int whole = 0;
    try (Volume volume = bench.open(disk)) {
      for (Digest digest : Bench.digests(volume)) {
        try {
          byte[] content = Bench.get(volume, digest);
          assertThat(Bench.digest(content)).isEqualTo(digest);
          assertThat(Bench.digest(Bench.getInOrder(volume, digest))).isEqualTo(digest);
          whole++;
        } catch (LarderException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
          assertThat(e.getMessage()).contains(volume.uuid().toString(), digest.toString());
        }
      }
      for (ReferenceChange change : volume.references()) {
        int number = Integer.parseInt(change.reference().name().substring(1));
        assertThat(change.target()).contains(Bench.digest(Bench.text(20_000, number)));
      }
      volume.scrub(Cancellation.NEVER);
      for (int i = 0; i < 4; i++) {
        Digest again = bench.put(volume, Bench.random(9_000, i));
        assertThat(again).isEqualTo(Bench.digest(Bench.random(9_000, i)));
      }
    }
    assertThat(whole).isGreaterThanOrEqualTo(fewest);
  }

  @Test
  void aFlippedBitInAPackNeverGivesAWrongByteAndCostsOneArtifactAtMost() throws IOException {
    for (boolean sealed : new boolean[] {true, false}) {
      MemoryDisk disk = filled(sealed);
      int size = disk.packs.values().iterator().next().size;
      Random random = new Random(5);
      for (int i = 0; i < 400; i++) {
        MemoryDisk damaged = disk.copy();
        byte[] bytes = damaged.packs.values().iterator().next().bytes;
        int at = random.nextInt(size);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        verify(damaged, 7);
      }
    }
  }

  @Test
  void aFlippedBitInOneSuperblockCopyCostsNothing() throws IOException {
    MemoryDisk disk = filled(true);
    for (int at = 0; at < 4096; at += 7) {
      MemoryDisk damaged = disk.copy();
      damaged.superblocks[at & 1][at] ^= 4;
      verify(damaged, 8);
    }
  }

  @Test
  void withoutASuperblockAMediumWithPacksIsNeverFormatted() throws IOException {
    MemoryDisk disk = filled(true);
    byte[] before = disk.packs.values().iterator().next().bytes.clone();
    disk.superblocks[0] = null;
    disk.superblocks[1][5] ^= 1;
    assertThatThrownBy(() -> bench.open(disk))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    disk.superblocks[1] = null;
    assertThatThrownBy(() -> bench.open(disk)).isInstanceOf(LarderException.class);
    assertThat(disk.packs.values().iterator().next().bytes).isEqualTo(before);
    assertThat(java.util.Arrays.asList(disk.superblocks)).containsOnlyNulls();
  }

  @Test
  void refusesANewerFormat() throws IOException {
    MemoryDisk disk = filled(true);
    for (byte[] copy : disk.superblocks) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(copy);
      bytes.putShort(10, (short) 2);
      bytes.putInt(4092, dev.larder.store.format.Checksum.of(bytes, 0, 4092));
    }
    assertThatThrownBy(() -> bench.open(disk))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED));
  }

  @Test
  void randomDamageOfAnyKindIsSurvived() throws IOException {
    MemoryDisk disk = filled(true);
    for (int i = 0; i < 400; i++) {
      Random random = new Random(i);
      MemoryDisk damaged = disk.copy();
      MemoryDisk.Pack pack = damaged.packs.values().iterator().next();
      for (int n = random.nextInt(20); n >= 0; n--) {
        damage(pack, random);
      }
      pack.durable = pack.size;
      verify(damaged, 0);
    }
  }

  private static void damage(MemoryDisk.Pack pack, Random random) {
    int at = random.nextInt(Math.max(1, pack.size));
    int length = Math.min(1 + random.nextInt(600), pack.size - at);
    switch (random.nextInt(5)) {
      case 0 -> pack.bytes[at] = (byte) random.nextInt();
      case 1 -> Arrays.fill(pack.bytes, at, at + length, (byte) 0);
      case 2 -> Arrays.fill(pack.bytes, at, at + length, (byte) 0xFF);
      case 3 -> {
        int from = random.nextInt(Math.max(1, pack.size - length));
        System.arraycopy(pack.bytes, from, pack.bytes, at, length);
      }
      default -> {
        if (random.nextInt(4) == 0) {
          pack.size = at;
        }
      }
    }
  }

  @Test
  void lostPacksCostOnlyWhatWasInThem() throws IOException {
    MemoryDisk disk = filled(true);
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(50_000, 77));
    }
    disk.packs.remove(disk.packs.keySet().iterator().next());
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.digests(volume)).containsExactly(Bench.digest(Bench.random(50_000, 77)));
      assertThat(volume.lastSequence()).isEqualTo(13);
    }
  }

  @Test
  void anArtifactThatIsAPackIsNotTakenForOne() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    byte[] secret = Bench.random(30_000, 1);
    Volume volume = bench.open(disk);
    Digest dropped = bench.put(volume, secret);
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    byte[] packBytes = Arrays.copyOf(pack.bytes, pack.size);
    volume.commit(List.of(new Change.Drop(dropped, bench.context(Bench.GATEWAY).stamps().next())));
    Digest inside = bench.put(volume, packBytes);
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      assertThat(Bench.digests(reopened)).containsExactly(inside);
      assertThat(Bench.get(reopened, inside)).isEqualTo(packBytes);
    }
  }

  @Test
  void notEvenIfTheHeaderOfTheRunThatHoldsItIsLost() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Volume volume = bench.open(disk);
    Digest first = bench.put(volume, Bench.random(30_000, 1));
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    int end = pack.size;
    bench.put(volume, Arrays.copyOf(pack.bytes, end));
    pack.bytes[end + 80] ^= 1; // in the run's header, behind a format record if there is one
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      assertThat(Bench.digests(reopened)).containsExactly(first);
      assertThat(reopened.statistics().uniqueBlocks()).isEqualTo(8);
    }
  }

  @Test
  void aBadBlockIsStoredAnewByTheNextPut() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    byte[] content = Bench.random(12_000, 1);
    try (Volume volume = bench.open(disk)) {
      Digest digest = bench.put(volume, content);
      MemoryDisk.Pack pack = disk.packs.values().iterator().next();
      pack.bytes[5000] ^= 1;
      assertThatThrownBy(() -> Bench.get(volume, digest)).isInstanceOf(LarderException.class);
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isEqualTo(1);
      bench.put(volume, content);
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
    }
  }
}
