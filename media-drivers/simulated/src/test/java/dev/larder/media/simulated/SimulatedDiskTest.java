package dev.larder.media.simulated;

import static dev.larder.contract.MediumContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised is kept, and what is not promised is broken. */
final class SimulatedDiskTest {

  private static final int SECTOR = 512;

  private static SimulatedDisk disk(long seed, FaultRule... rules) {
    return new SimulatedDisk(
        DiskSpec.of("d", 1 << 20).sector(SECTOR),
        new FaultPlan(seed, List.of(rules)),
        new PowerSupply(),
        SimulatedClock.virtual());
  }

  private static byte[] content(SimulatedDisk disk, long pack) throws IOException {
    try (Medium medium = disk.open();
        PackFile file = medium.openPack(pack, false)) {
      ByteBuffer all = ByteBuffer.allocate((int) file.size());
      file.read(all, 0, Cancellation.NEVER);
      return all.array();
    }
  }

  private static List<PackEntry> packs(SimulatedDisk disk) throws IOException {
    try (Medium medium = disk.open()) {
      return medium.packs();
    }
  }

  private static boolean startsWith(byte[] content, byte[] start) {
    return content.length >= start.length
        && ByteBuffer.wrap(content, 0, start.length).equals(ByteBuffer.wrap(start));
  }

  @ParameterizedTest
  @EnumSource(PowerCut.class)
  void whatWasForcedSurvivesEveryCut(PowerCut cut) throws IOException {
    byte[] forced = bytes(5 * SECTOR, 1).array();
    for (long seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = disk(seed);
      disk.onPowerLoss(cut);
      Medium medium = disk.open();
      PackFile pack = medium.createPack(1, 0);
      pack.append(ByteBuffer.wrap(forced), 0);
      pack.force();
      pack.append(bytes(7 * SECTOR, 2), forced.length);
      medium.replaceSuperblock(0, bytes(100, 3));
      disk.losePower();
      assertThat(startsWith(content(disk, 1), forced)).as("seed " + seed).isTrue();
      try (Medium again = disk.open()) {
        assertThat(again.readSuperblock(0)).contains(bytes(100, 3));
      }
      assertThatThrownBy(() -> pack.force()).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PowerCut.class,
      names = {"PREFIX", "REORDER", "TORN"})
  void whatWasNotForcedComesBackInManyWays(PowerCut cut) throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = disk(seed);
      disk.onPowerLoss(cut);
      Medium medium = disk.open();
      PackFile pack = medium.createPack(1, 0);
      pack.append(bytes(3 * SECTOR, 1), 0);
      pack.append(bytes(3 * SECTOR, 2), 3 * SECTOR);
      disk.losePower();
      outcomes.add(
          packs(disk).isEmpty()
              ? "none"
              : String.valueOf(ByteBuffer.wrap(content(disk, 1)).hashCode()));
    }
    assertThat(outcomes)
        .hasSizeGreaterThanOrEqualTo(cut == PowerCut.PREFIX ? 4 : 10)
        .contains("none");
  }

  @Test
  void aPackThatWasNeverForcedVanishesWithADropAndStaysWithAKeep() throws IOException {
    for (PowerCut cut : List.of(PowerCut.DROP, PowerCut.KEEP)) {
      SimulatedDisk disk = disk(1);
      disk.onPowerLoss(cut);
      disk.open().createPack(1, 0).append(bytes(10, 1), 0);
      disk.losePower();
      assertThat(packs(disk)).hasSize(cut == PowerCut.DROP ? 0 : 1);
    }
  }

  @Test
  void theProcessThatDiesLosesNothing() throws IOException {
    SimulatedDisk disk = disk(1);
    disk.open().createPack(1, 0).append(bytes(10, 1), 0);
    disk.abandon();
    assertThat(packs(disk)).containsExactly(new PackEntry(1, 10));
  }

  @Test
  void truncationIsDurableAndWhatWasBehindNeverComesBack() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = disk(seed);
      PackFile pack = disk.open().createPack(1, 0);
      pack.append(bytes(4 * SECTOR, 1), 0);
      pack.force();
      pack.append(bytes(4 * SECTOR, 2), 4 * SECTOR);
      pack.truncate(3 * SECTOR);
      disk.losePower();
      assertThat(content(disk, 1))
          .isEqualTo(Arrays.copyOf(bytes(4 * SECTOR, 1).array(), 3 * SECTOR));
    }
  }

  @Test
  void aLieIsBelievedUntilThePowerGoes() throws IOException {
    SimulatedDisk disk = disk(1, FaultRule.from(FaultKind.LIE, 1));
    disk.onPowerLoss(PowerCut.DROP);
    PackFile pack = disk.open().createPack(1, 0);
    pack.append(bytes(10, 1), 0);
    pack.force();
    assertThat(pack.size()).isEqualTo(10);
    disk.losePower();
    assertThat(packs(disk)).isEmpty();
  }

  @Test
  void aDeletionThatWasALieMayBeUndone() throws IOException {
    Set<Integer> left = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      SimulatedDisk disk = disk(seed, FaultRule.from(FaultKind.LIE, 1, Operation.DELETE));
      Medium medium = disk.open();
      PackFile pack = medium.createPack(1, 0);
      pack.append(bytes(10, 1), 0);
      pack.force();
      medium.deletePack(1);
      assertThat(medium.packs()).isEmpty();
      disk.losePower();
      left.add(packs(disk).size());
    }
    assertThat(left).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void afterAForceThatFailedTheBytesAreShownButNeverWritten() throws IOException {
    SimulatedDisk disk = disk(1, FaultRule.once(FaultKind.EIO, 1, Operation.FORCE));
    disk.onPowerLoss(PowerCut.DROP);
    PackFile pack = disk.open().createPack(1, 0);
    pack.append(bytes(10, 1), 0);
    assertThatThrownBy(pack::force).hasMessageContaining("input/output error");
    assertThat(pack.size()).isEqualTo(10);
    pack.force();
    disk.losePower();
    assertThat(packs(disk)).containsExactly(new PackEntry(1, 0));
  }

  @Test
  void errorsStrikeOnceOrForEver() throws IOException {
    Medium once = disk(1, FaultRule.once(FaultKind.EIO, 2, Operation.LIST)).open();
    once.packs();
    assertThatThrownBy(once::packs).isInstanceOf(IOException.class);
    once.packs();
    Medium always = disk(1, FaultRule.from(FaultKind.EIO, 2, Operation.LIST)).open();
    always.packs();
    assertThatThrownBy(always::packs).isInstanceOf(IOException.class);
    assertThatThrownBy(always::packs).isInstanceOf(IOException.class);
  }

  @Test
  void aFullDiskTakesAPartAndHarmsNothing() throws IOException {
    Medium medium = disk(1).open(OptionalLong.of(8 * SECTOR));
    PackFile pack = medium.createPack(1, 0);
    pack.append(bytes(5 * SECTOR, 1), 0);
    assertThatThrownBy(() -> pack.append(bytes(5 * SECTOR, 2), 5 * SECTOR))
        .isInstanceOf(MediumFullException.class);
    assertThat(pack.size()).isBetween(5L * SECTOR, 8L * SECTOR);
    pack.truncate(5 * SECTOR);
    assertThat(medium.capacity().freeBytes()).isEqualTo(3 * SECTOR);
  }

  @Test
  void aDiskThatWasPulledComesBackAndItsOldMediaDoNot() throws IOException {
    SimulatedDisk disk = disk(1, FaultRule.once(FaultKind.GONE, 1, Operation.LIST));
    disk.absences(2);
    Medium medium = disk.open();
    medium.replaceSuperblock(0, bytes(5, 1));
    assertThatThrownBy(medium::packs).isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(medium::capacity).isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(disk::open).isInstanceOf(MediumGoneException.class);
    assertThatThrownBy(disk::open).isInstanceOf(MediumGoneException.class);
    try (Medium again = disk.open()) {
      assertThat(again.readSuperblock(0)).contains(bytes(5, 1));
      assertThatThrownBy(medium::packs).isInstanceOf(IOException.class);
    }
  }

  @Test
  void disksOnOneSupplyLoseTheirPowerTogether() throws IOException {
    PowerSupply power = new PowerSupply();
    SimulatedClock clock = SimulatedClock.virtual();
    FaultPlan plan = new FaultPlan(1, List.of(FaultRule.once(FaultKind.CUT, 1, Operation.CREATE)));
    SimulatedDisk first = new SimulatedDisk(DiskSpec.of("a", 1 << 20), plan, power, clock);
    SimulatedDisk second =
        new SimulatedDisk(DiskSpec.of("b", 1 << 20), FaultPlan.none(1), power, clock);
    Medium medium = first.open();
    Medium other = second.open();
    assertThatThrownBy(() -> medium.createPack(1, 0)).hasMessageContaining("no power");
    assertThatThrownBy(other::packs).hasMessageContaining("lost its power");
    assertThat(power.cuts()).isEqualTo(1);
    first.open().close();
    second.open().close();
  }

  @Test
  void rotFlipsAsManyBitsAsItSays() throws IOException {
    SimulatedDisk disk = disk(1);
    try (Medium medium = disk.open();
        PackFile pack = medium.createPack(1, 0)) {
      pack.append(ByteBuffer.allocate(1000), 0);
      pack.force();
    }
    assertThat(disk.rot(3)).hasSize(3).allMatch(place -> place.endsWith("pack 1"));
    int set = 0;
    for (byte each : content(disk, 1)) {
      set += Integer.bitCount(each & 0xFF);
    }
    assertThat(set).isIn(1, 3); // two flips of one bit undo each other
  }

  @Test
  void timePassesByLatencyAndBandwidthAndFaults() throws IOException {
    SimulatedDisk disk = disk(1, FaultRule.share(FaultKind.SLOW, 1, Operation.FORCE).amount(7));
    PackFile pack = disk.open().createPack(1, 0);
    long before = disk.clock().nanos();
    pack.append(bytes(80_000, 1), 0);
    assertThat(disk.clock().nanos() - before).isEqualTo(500_000 + 1_000_000);
    pack.force();
    assertThat(disk.clock().nanos() - before).isEqualTo(2 * 500_000 + 1_000_000 + 7);
  }

  @Test
  void whatHangsIsReleasedOrCancelledOrGoesOnInTheEnd() throws Exception {
    SimulatedDisk disk = disk(1, FaultRule.from(FaultKind.HANG, 1, Operation.READ));
    PackFile pack = disk.open().createPack(1, 0);
    pack.append(bytes(10, 1), 0);
    long start = disk.clock().nanos();
    assertThatThrownBy(
            () ->
                pack.read(
                    ByteBuffer.allocate(10), 0, () -> disk.clock().nanos() - start > 1_000_000_000))
        .isInstanceOf(CancellationException.class);
    Thread reader = new Thread(() -> readAll(pack));
    reader.start();
    while (reader.isAlive()) {
      disk.plan().release();
      reader.join(5);
    }
    disk.plan()
        .follow(List.of(FaultRule.from(FaultKind.HANG, 1, Operation.READ).amount(1_000_000_000)));
    assertThat(readAll(pack)).isEqualTo(10);
  }

  private static int readAll(PackFile pack) {
    try {
      return pack.read(ByteBuffer.allocate(10), 0, Cancellation.NEVER);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSeedRepeats(long seed) throws IOException {
    List<Object> outcomes = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      SimulatedDisk disk = disk(seed, FaultRule.share(FaultKind.EIO, 0.3, Operation.APPEND));
      PackFile pack = disk.open().createPack(1, 0);
      StringBuilder trace = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        try {
          pack.append(bytes(300, i), pack.size());
          trace.append('.');
        } catch (IOException e) {
          trace.append('x');
        }
      }
      disk.losePower();
      outcomes.add(trace.toString() + packs(disk));
    }
    assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0));
  }
}
