package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.format.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
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
      bytes.putShort(10, (short) (Layout.FORMAT_VERSION + 1));
      bytes.putInt(4092, dev.larder.store.format.Checksum.of(bytes, 0, 4092));
    }
    assertThatThrownBy(() -> bench.open(disk))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED));
  }

  @Test
  void aFieldOfTheSuperblockThatMustBeUnderstoodIsRefusedAndAnyOtherIsKept() throws IOException {
    MemoryDisk disk = filled(true);
    for (byte[] copy : disk.superblocks) {
      addField(copy, 0x0123);
    }
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, Bench.random(100, 55)); // so that superblocks are written
    }
    for (byte[] copy : disk.superblocks) {
      assertThat(java.nio.ByteBuffer.wrap(copy).getInt(128)).isEqualTo(0x0123_0002);
      addField(copy, 0x8123);
    }
    assertThatThrownBy(() -> bench.open(disk))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT_UNSUPPORTED));
  }

  private static void addField(byte[] superblock, int type) {
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(superblock);
    bytes.putShort(128, (short) type).putShort(130, (short) 2).putShort(132, (short) 7);
    bytes.putInt(4092, dev.larder.store.format.Checksum.of(bytes, 0, 4092));
  }

  /** Where some bytes lie in a pack. */
  private static int find(MemoryDisk.Pack pack, byte[] wanted) {
    for (int at = 0; at + wanted.length <= pack.size; at++) {
      if (Arrays.equals(pack.bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("not there");
  }

  private static byte[] bytes(Digest digest) {
    java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(Digest.LENGTH);
    digest.write(out);
    return out.array();
  }

  @Test
  void damageInAnUnsealedPackDoesNotBringBackWhatANameStoodForBefore() throws IOException {
    byte[] newer = Bench.random(9_000, 2);
    MemoryDisk disk = new MemoryDisk();
    VolumeContext context = bench.context(Bench.GATEWAY);
    Volume volume = Volume.open(disk.open(), context);
    bench.put(volume, context, "n", Bench.random(9_000, 1));
    bench.put(volume, context, "n", newer);
    bench.put(volume, context, "m", Bench.random(9_000, 3)); // tells that the others were forced
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    pack.bytes[find(pack, bytes(Bench.digest(newer))) + Digest.LENGTH] ^= 1; // in its manifest
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      ReferenceChange last =
          reopened.references().stream()
              .filter(change -> change.reference().name().equals("n"))
              .reduce((a, b) -> b)
              .orElseThrow();
      assertThat(last.target()).contains(Bench.digest(newer));
      assertThat(Bench.digests(reopened)).doesNotContain(Bench.digest(newer));
      assertThat(reopened.damage()).singleElement().asString().contains("damaged");
      assertThat(reopened.quarantined()).isEqualTo(1);
      bench.put(reopened, newer);
      assertThat(Bench.get(reopened, Bench.digest(newer))).isEqualTo(newer);
    }
  }

  @Test
  void aChangeOfANameThatIsDamagedInAnUnsealedPackIsReadFromItsSecondCopy() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    VolumeContext context = bench.context(Bench.GATEWAY);
    Volume volume = Volume.open(disk.open(), context);
    bench.put(volume, context, "name", Bench.random(9_000, 1));
    Digest other = bench.put(volume, Bench.random(9_000, 2));
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    int before = pack.size;
    volume.commit(List.of(new Change.Point(Bench.point(context, "name", other))));
    bench.put(volume, Bench.random(100, 3)); // tells that the others were forced
    pack.bytes[before + 100] ^= 1; // in the record of the change
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    for (int i = 0; i < 2; i++) { // scanned, then by its footer
      try (Volume reopened = bench.open(disk)) {
        List<ReferenceChange> changes = reopened.references();
        assertThat(changes).hasSize(2);
        assertThat(changes.get(1).target()).contains(other);
        assertThat(reopened.damage()).hasSize(1 - i);
      }
    }
  }

  @Test
  void allNamesOfALongCommitHaveASecondCopy() throws IOException {
    VolumeContext context = bench.context(Bench.GATEWAY);
    MemoryDisk disk = new MemoryDisk();
    Volume volume = Volume.open(disk.open(), context);
    Digest digest = bench.put(volume, Bench.random(100, 1));
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    int before = pack.size;
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      changes.add(new Change.Point(Bench.point(context, "name" + i, digest)));
    }
    volume.commit(changes);
    bench.put(volume, Bench.random(100, 3)); // tells that the others were forced
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      int at = before + random.nextInt(300 * 130);
      pack.bytes[at] ^= 1;
      assertThat(references(disk)).as("byte " + at).hasSize(300);
      pack.bytes[at] ^= 1;
    }
    volume.close();
  }

  @Test
  void allNamesOfManySmallCommitsThatShareAForceHaveASecondCopy() throws Exception {
    VolumeContext context = bench.context(Bench.GATEWAY);
    MemoryDisk disk = new MemoryDisk();
    Volume volume = Volume.open(disk.open(), context);
    Digest digest = bench.put(volume, Bench.random(100, 1));
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    int before = pack.size;
    long forces = volume.statistics().forces();
    disk.fault =
        operation -> {
          if (operation.equals("force")) {
            LockSupport.parkNanos(20_000_000);
          }
        };
    List<Callable<Void>> commits = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Change change = new Change.Point(Bench.point(context, "name" + i, digest));
      commits.add(
          () -> {
            volume.commit(List.of(change));
            return null;
          });
    }
    ExecutorService clients = Executors.newFixedThreadPool(commits.size());
    for (Future<Void> commit : clients.invokeAll(commits)) {
      commit.get();
    }
    clients.shutdown();
    assertThat(volume.statistics().forces() - forces).isLessThan(20);
    int end = pack.size;
    bench.put(volume, Bench.random(100, 3)); // tells that the others were forced
    for (int at = before; at < end; at += 37) {
      pack.bytes[at] ^= 1;
      assertThat(references(disk)).as("byte " + at).hasSize(100);
      pack.bytes[at] ^= 1;
    }
    volume.close();
  }

  @Test
  void namesThatACollectionHasCopiedHaveASecondCopy() throws IOException {
    VolumeContext context = bench.context(Bench.GATEWAY);
    MemoryDisk disk = new MemoryDisk();
    Volume volume = Volume.open(disk.open(), context);
    bench.put(volume, context, "waste", Bench.random(500_000, 1));
    Digest kept = bench.put(volume, context, "name", Bench.random(100, 2));
    volume.close();
    volume = Volume.open(disk.open(), context);
    Set<ReferenceChange> references = Set.copyOf(volume.references());
    volume.collect(() -> Set.of(kept), () -> references, Cancellation.NEVER);
    bench.put(volume, Bench.random(100, 3)); // tells that the others were forced
    assertThat(disk.packs).hasSize(1);
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    for (int at = 4096; at < pack.size; at++) {
      pack.bytes[at] ^= 1;
      assertThat(references(disk)).as("byte " + at).hasSize(2);
      pack.bytes[at] ^= 1;
    }
    volume.close();
  }

  /** Those that a copy of the medium would show after a kill. */
  private List<ReferenceChange> references(MemoryDisk disk) throws IOException {
    try (Volume volume = bench.open(disk.copy())) {
      return volume.references();
    }
  }

  @Test
  void aBlockLostFromAnUnsealedPackCostsNotTheWholeArtifact() throws IOException {
    byte[] content = Bench.random(12_000, 2);
    MemoryDisk disk = new MemoryDisk();
    Volume volume = bench.open(disk);
    bench.put(volume, content);
    bench.put(volume, Bench.random(100, 3));
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    pack.bytes[find(pack, Arrays.copyOfRange(content, 5_000, 5_100))] ^= 1;
    disk.powerCut(MemoryDisk.Cut.KEEP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      Manifest manifest = reopened.manifest(Bench.digest(content));
      assertThat(Bench.get(reopened, manifest, 0, 4 << 10))
          .isEqualTo(Arrays.copyOf(content, 4 << 10));
      assertThatThrownBy(() -> Bench.get(reopened, manifest.digest()))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      assertThat(reopened.damaged(Cancellation.NEVER)).hasSize(1);
      bench.put(reopened, content);
      assertThat(reopened.damaged(Cancellation.NEVER)).isEmpty();
    }
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume reopened = bench.open(disk)) {
      assertThat(Bench.get(reopened, Bench.digest(content))).isEqualTo(content);
    }
  }

  @Test
  void aDamagedManifestIsFoundByAScrubAndReplacedByThePutOfItsContent() throws IOException {
    byte[] content = Bench.random(9_000, 2);
    MemoryDisk disk = new MemoryDisk();
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, content);
    }
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    pack.bytes[find(pack, bytes(Bench.digest(content))) + Digest.LENGTH] ^= 1;
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.damage()).isEmpty();
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isEqualTo(1);
      assertThat(volume.damage()).isNotEmpty();
      assertThat(volume.damaged(Cancellation.NEVER)).hasSize(1);
      bench.put(volume, content);
      assertThat(volume.damage()).isEmpty();
      assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
    }
  }

  @Test
  void aPackWithDamageIsKeptAsideUntilItIsPurged() throws IOException {
    byte[] content = Bench.random(12_000, 1);
    MemoryDisk disk = new MemoryDisk();
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, content);
    }
    disk.packs.get(1L).bytes[5_000] ^= 1;
    try (Volume volume = bench.open(disk)) {
      volume.scrub(Cancellation.NEVER);
      bench.put(volume, content);
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.quarantined()).isEqualTo(1);
      volume.commit(
          List.of(
              new Change.Drop(
                  Bench.digest(content), bench.context(Bench.GATEWAY).stamps().next())));
      Bench.collect(volume, java.util.Set.of());
      assertThat(disk.packs).containsKey(1L);
      assertThat(volume.purge()).isEqualTo(1);
      Bench.collect(volume, java.util.Set.of());
      assertThat(disk.packs).doesNotContainKey(1L);
      assertThat(volume.quarantined()).isZero();
    }
  }

  @Test
  void aScrubThatWasCutOffGoesOnWhereItWas() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 3; i++) {
        bench.put(volume, Bench.random(1_200_000, i)); // each fills a pack
      }
      long[] read = new long[1];
      assertThatThrownBy(
              () -> volume.scrub(false, bytes -> read[0] += bytes, () -> read[0] > 1_500_000))
          .isInstanceOf(java.util.concurrent.CancellationException.class);
      assertThat(volume.scrubUnderWay()).isTrue();
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.scrubUnderWay()).isTrue();
      assertThat(volume.scrub(true, Pace.UNLIMITED, Cancellation.NEVER).bytes())
          .isBetween(1_000_000L, 3_000_000L);
      assertThat(volume.scrubUnderWay()).isFalse();
      assertThat(volume.scrub(Cancellation.NEVER).bytes()).isEqualTo(3_600_000);
    }
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
