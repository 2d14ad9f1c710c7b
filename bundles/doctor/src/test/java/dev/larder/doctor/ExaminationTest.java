package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.DoctorFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.TierFigures;
import dev.larder.api.TierInfo;
import dev.larder.api.TierReads;
import dev.larder.api.TierRole;
import dev.larder.api.TierState;
import dev.larder.api.TierWear;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExaminationTest {

  private static final Place CARD = new Place("tier/card", Path.of("/mnt/card"), Purpose.STORAGE);
  private static final Place COPIES = new Place("tier/near", Path.of("/mnt/card"), Purpose.CACHE);
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir Path folder;
  private RecordedMachine machine;

  @BeforeEach
  void machine() throws IOException {
    machine = new RecordedMachine(folder);
  }

  private RecordedMachine card(String type, String options, String superOptions)
      throws IOException {
    return machine
        .mount("/mnt/card", type, "179:33", "/dev/mmcblk1p1", options, superOptions)
        .disk("mmcblk1", "179:32", "[mq-deadline] none")
        .partition("mmcblk1", "mmcblk1p1", "179:33");
  }

  private List<DoctorFinding> examine(Place... places) {
    return examine(NOW, List.of(), places);
  }

  private List<DoctorFinding> examine(Instant now, List<TierInfo> tiers, Place... places) {
    return new Examination(
            machine.machine(), () -> List.of(places), () -> tiers, Clock.fixed(now, ZoneOffset.UTC))
        .examine();
  }

  private static DoctorFinding only(List<DoctorFinding> findings) {
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ext4; rw,noatime; rw,errors=remount-ro",
        "f2fs; rw,noatime; rw,background_gc=on,fsync_mode=posix",
        "xfs; rw,noatime; rw,attr2,inode64,logbufs=8",
        "btrfs; rw,noatime; rw,ssd,space_cache=v2,subvolid=5,compress=zstd:3",
      })
  void nothingIsSaidOfWhatIsAsItShouldBe(String type, String options, String superOptions)
      throws IOException {
    card(type, options, superOptions).space("/mnt/card", 32L << 30, 20L << 30, 4096);
    machine.file("proc/fs/ext4/mmcblk1p1/options", "rw\nbarrier\ndata=ordered\nnodiscard\n");
    machine.mount("/run/larder", "tmpfs", "0:30", "tmpfs", "rw,noatime", "rw,size=4g");
    machine.space("/run/larder/ram", 4L << 30, 4L << 30, 4096);
    machine.file("proc/swaps", "Filename Type Size Used Priority\n/dev/zram0 partition 9 0 100\n");
    assertThat(
            examine(
                CARD,
                new Place("home", Path.of("/var/lib/larder"), Purpose.HOME),
                new Place("ram", Path.of("/run/larder/ram"), Purpose.RAM)))
        .isEmpty();
  }

  @Test
  void withoutBarriersStorageMayBeLost() throws IOException {
    card("ext4", "rw,noatime", "rw,barrier=0,data=writeback,errors=continue");
    List<DoctorFinding> findings = examine(CARD);
    assertThat(findings)
        .extracting(DoctorFinding::severity)
        .containsExactly(Severity.ERROR, Severity.WARNING);
    assertThat(findings.get(0).finding()).contains("without barriers");
    assertThat(findings.get(0).example())
        .isEqualTo("/dev/mmcblk1p1 /mnt/card ext4 noatime,data=writeback,errors=continue 0 2");
    assertThat(findings.get(1).finding()).contains("data=writeback");
  }

  @Test
  void aCacheMayGoWithoutBarriers() throws IOException {
    card("ext4", "rw,noatime", "rw,barrier=0,data=writeback");
    assertThat(examine(COPIES))
        .hasSize(2)
        .allMatch(finding -> finding.severity() == Severity.INFO)
        .allMatch(finding -> finding.advice().contains("cache tier"));
  }

  @Test
  void whatIsInForceIsTakenFromProc() throws IOException {
    card("ext4", "rw,noatime", "rw")
        .file("proc/fs/ext4/mmcblk1p1/options", "rw\nnobarrier\ndata=journal\n");
    assertThat(examine(CARD))
        .extracting(DoctorFinding::finding)
        .containsExactly("ext4 is mounted without barriers", "ext4 is mounted with data=journal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f2fs; rw,noatime; rw,fsync_mode=nobarrier; ERROR; fsync_mode",
        "btrfs; rw,noatime; rw,autodefrag; WARNING; autodefrag",
        "btrfs; rw,noatime; rw,compress-force=zstd:3; INFO; compress",
        "xfs; rw,noatime; rw,nobarrier; ERROR; without barriers",
        "zfs; rw,noatime; rw,xattr; INFO; ZFS",
        "exfat; rw,noatime; rw,fmask=0022; WARNING; no journal",
        "vfat; rw,noatime; rw,codepage=437; WARNING; no journal",
        "ext2; rw,noatime; rw; WARNING; no journal",
        "ext4; rw,noatime; rw,discard; INFO; discard",
        "ext4; rw,relatime; rw; INFO; once a day",
        "ext4; rw; rw; WARNING; every read",
        "ext4; ro,noatime; rw; ERROR; read-only",
      })
  void optionsThatCostDataSpeedOrLife(
      String type, String options, String superOptions, Severity severity, String said)
      throws IOException {
    card(type, options, superOptions);
    DoctorFinding finding = only(examine(CARD));
    assertThat(finding.finding()).contains(said);
    assertThat(finding.severity()).isEqualTo(severity);
    assertThat(finding.reason()).isNotEmpty();
    assertThat(finding.advice()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"tmpfs,ERROR", "overlay,WARNING", "nfs4,WARNING", "fuse.sshfs,WARNING"})
  void whatIsNoMediumOfThisMachine(String type, Severity severity) throws IOException {
    machine.mount("/mnt/card", type, "0:44", "elsewhere:/x", "rw,relatime", "rw");
    assertThat(only(examine(CARD)).severity()).isEqualTo(severity);
  }

  @Test
  void theRoomThatIsLeft() throws IOException {
    card("ext4", "rw,noatime", "rw").space("/mnt/card", 1000L << 20, 80L << 20, 1024);
    assertThat(examine(CARD))
        .extracting(DoctorFinding::finding)
        .containsExactly(
            "the file system at /mnt/card is full to 92 %, 80 MiB are left",
            "its file system has blocks of 1024 bytes");
    machine.space("/mnt/card", 1000L << 20, 10L << 20, 4096);
    assertThat(only(examine(CARD)).severity()).isEqualTo(Severity.ERROR);
  }

  @Test
  void aCardThatIsWriteProtectedAndAQueueThatIsNotForItsDevice() throws IOException {
    card("ext4", "rw,noatime", "rw").file("sys/devices/platform/mmcblk1/ro", "1\n");
    assertThat(only(examine(CARD)).finding()).contains("write-protected");
    machine
        .mount("/mnt/ssd", "ext4", "259:1", "/dev/nvme0n1p1", "rw,noatime", "rw")
        .disk("nvme0n1", "259:0", "none mq-deadline [bfq]")
        .partition("nvme0n1", "nvme0n1p1", "259:1")
        .file("sys/devices/platform/nvme0n1/queue/read_ahead_kb", "0\n");
    assertThat(examine(new Place("tier/ssd", Path.of("/mnt/ssd/larder"), Purpose.STORAGE)))
        .extracting(DoctorFinding::example)
        .containsExactly(
            "echo none > /sys/block/nvme0n1/queue/scheduler",
            "echo 128 > /sys/block/nvme0n1/queue/read_ahead_kb");
  }

  @Test
  void whatIsTheSameForSeveralIsToldOnce() throws IOException {
    card("ext4", "rw,relatime", "rw");
    Place home = new Place("home", Path.of("/mnt/card/home"), Purpose.HOME);
    assertThat(only(examine(CARD, home)).subject()).isEqualTo("tier/card, home");
  }

  @Test
  void storageOnTheRootFileSystem() {
    Place place = new Place("tier/local", Path.of("/var/lib/larder/tiers/local"), Purpose.STORAGE);
    assertThat(only(examine(place)).finding()).contains("operating system");
  }

  @Test
  void theRamCache() throws IOException {
    Place ram = new Place("ram", Path.of("/dev/shm/larder"), Purpose.RAM);
    assertThat(only(examine(ram)).finding()).contains("is on ext4, not in memory");
    machine.mount("/dev/shm", "tmpfs", "0:22", "shm", "rw,nosuid", "rw,size=65536k");
    machine.space("/dev/shm/larder", 64L << 20, 60L << 20, 4096);
    assertThat(only(examine(ram)).finding()).isEqualTo("the tmpfs at /dev/shm has only 64 MiB");
  }

  @Test
  void swapSpaceClockAndWear() throws IOException {
    machine.file("proc/swaps", "Filename\tType\tSize\n/dev/mmcblk0p3 partition 1048572 0 -2\n");
    TierInfo worn =
        new TierInfo(
            "card",
            "/mnt/card",
            "sd",
            "SD",
            TierRole.STORAGE,
            TierState.READY,
            "",
            Optional.empty(),
            1,
            1,
            1,
            1,
            1,
            1,
            TierFigures.UNKNOWN,
            TierReads.NONE,
            TierWear.UNKNOWN,
            OptionalDouble.of(0.9),
            "");
    assertThat(examine(Instant.EPOCH, List.of(worn)))
        .extracting(DoctorFinding::finding)
        .containsExactly(
            "its medium has used 90 % of its life",
            "the kernel may swap to /dev/mmcblk0p3", "the clock says 1970-01-01T00:00:00Z");
  }

  @Test
  void placesWithBlanksAndUnknownOnes() throws IOException {
    machine.mount("/mnt/my\\040card", "ext4", "8:1", "/dev/sda1", "rw", "rw");
    Place blank = new Place("tier/b", Path.of("/mnt/my card/larder"), Purpose.STORAGE);
    assertThat(only(examine(blank)).example())
        .isEqualTo("/dev/sda1 /mnt/my\\040card ext4 noatime 0 2");
    machine.file("proc/self/mountinfo", "not a table\n\n1 2\n");
    assertThat(only(examine(CARD)).finding()).contains("cannot be found out");
  }
}
