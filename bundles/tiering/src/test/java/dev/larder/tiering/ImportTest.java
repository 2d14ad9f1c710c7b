package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.HistoryEntry;
import dev.larder.api.ImportReport;
import dev.larder.api.TierInfo;
import dev.larder.api.TierState;
import dev.larder.store.format.RecordHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of other gateways: kept apart until they are imported, and no harm done by any. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ImportTest {

  private static final byte[] ONE = Rig.model(1, 300_000);
  private static final byte[] TWO = Rig.model(2, 300_000);
  private static final byte[] THREE = Rig.model(3, 300_000);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(Files.createDirectory(folder.resolve("ours")));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** What another gateway puts on a card. */
  private interface Filling {
    void of(Rig other) throws Exception;
  }

  /** A card that another gateway has filled, in our slot, not yet a tier. */
  private void foreign(Filling filling) throws Exception {
    Path theirs = Files.createDirectories(folder.resolve("theirs"));
    try (Rig other = new Rig(theirs)) {
      other.tier("card", "sd");
      filling.of(other);
      assertThat(other.core.maintenance().awaitIdle(LONG)).isTrue();
    }
    Files.createDirectories(rig.medium("card").getParent());
    Files.move(theirs.resolve("media/card"), rig.medium("card"));
  }

  private List<String> names() throws IOException {
    return rig.core.store().list().stream()
        .map(ArtifactSummary::reference)
        .map(Object::toString)
        .toList();
  }

  private void isKeptApart() throws Exception {
    assertThat(rig.info("card").state()).isEqualTo(TierState.FOREIGN);
    assertThat(rig.info("card").reason()).contains("not imported");
    Rig.fails(ErrorCode.NOT_IMPORTED, () -> rig.put("x", THREE, "card"));
    assertThat(rig.put("x", THREE).tier()).isEqualTo("local");
    rig.core.store().delete(Rig.ref("x"));
    rig.core.maintenance().collect();
    rig.core.maintenance().scrub(java.util.Optional.empty());
  }

  @Test
  void nothingOfAForeignVolumeIsUsedBeforeItIsImported() throws Exception {
    rig.put("m", ONE);
    foreign(
        other -> {
          other.put("m", TWO, "card");
          other.put("only-theirs", TWO, "card");
          other.put("deleted-there", ONE, "card");
          other.core.store().delete(Rig.ref("deleted-there"));
        });
    rig.put("deleted-there", ONE);
    assertThat(rig.tier("card", "sd").state()).isEqualTo(TierState.FOREIGN);
    for (int i = 0; i < 2; i++) {
      isKeptApart();
      assertThat(rig.get("m")).isEqualTo(ONE);
      assertThat(rig.get("deleted-there")).isEqualTo(ONE);
      Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("only-theirs"));
      assertThat(names()).containsExactly("deleted-there:latest", "m:latest");
      assertThat(rig.core.health().findings())
          .anyMatch(f -> f.subject().equals("tier/card") && f.advice().contains("larder import"));
      rig.restart();
    }
    rig.core.tiers().remove("card");
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    assertThat(rig.tier("card", "sd").state()).isEqualTo(TierState.FOREIGN); // as it was
  }

  @Test
  void artifactsReferencesAndHistoryComeAndConflictsAreRenamed() throws Exception {
    rig.put("same", ONE);
    rig.put("clash", ONE);
    rig.put("deleted-here", ONE);
    rig.core.store().delete(Rig.ref("deleted-here"));
    foreign(
        other -> {
          for (int i = 0; i < 30; i++) {
            other.put("counters/are-ahead", Rig.model(i, 500), "card");
          }
          other.put("same", ONE, "card");
          other.put("clash", TWO, "card");
          other.put("clash", THREE, "card");
          other.put("deleted-here", TWO, "card");
          other.put("deleted-there", TWO, "card");
          other.core.store().delete(Rig.ref("deleted-there"));
          other.put("moved-away", ONE, "card");
          other.put("moved-away", Rig.model(99, 400), "local");
          other.put("fresh:v1", THREE, "card");
        });
    rig.tier("card", "sd");
    ImportReport report = rig.core.tiers().importVolume("card");
    String suffix = ".from-" + report.gateway().toString().substring(0, 8);
    assertThat(report.references())
        .extracting(Object::toString)
        .containsExactly("counters/are-ahead:latest", "deleted-here:latest", "fresh:v1");
    assertThat(report.renamed())
        .containsExactly(
            new ImportReport.Renamed(Rig.ref("clash"), Rig.ref("clash:latest" + suffix)));
    assertThat(report.unchanged()).isEqualTo(1);
    assertThat(report.elsewhere()).containsExactly(Rig.ref("moved-away"));
    assertThat(report.blocks()).isPositive();
    assertThat(rig.info("card").state()).isEqualTo(TierState.READY);

    ImportReport again = rig.core.tiers().importVolume("card");
    assertThat(again.artifacts()).isZero();
    assertThat(again.references()).isEmpty();

    String theirs = "clash:latest" + suffix;
    for (int i = 0; i < 2; i++) {
      assertThat(names())
          .containsExactly(
              "clash:latest",
              theirs,
              "counters/are-ahead:latest",
              "deleted-here:latest",
              "fresh:v1",
              "same:latest");
      assertThat(rig.get("clash")).isEqualTo(ONE);
      assertThat(rig.get(theirs)).isEqualTo(THREE);
      assertThat(rig.get("deleted-here")).isEqualTo(TWO);
      assertThat(rig.get("same")).isEqualTo(ONE);
      assertThat(rig.core.store().show(Rig.ref("clash")).history()).hasSize(1);
      assertThat(rig.core.store().show(Rig.ref(theirs)).history())
          .extracting(HistoryEntry::digest)
          .containsExactly(digest(THREE), digest(TWO));
      assertThat(rig.core.store().show(Rig.ref("counters/are-ahead")).history()).hasSize(5);
      rig.core.maintenance().collect();
      rig.restart();
    }
    rig.core.store().rollback(Rig.ref(theirs));
    assertThat(rig.get(theirs)).isEqualTo(TWO);
    rig.put("fresh:v1", ONE);
    rig.core.store().delete(Rig.ref("deleted-here"));
    rig.restart();
    assertThat(rig.get("fresh:v1")).isEqualTo(ONE);
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("deleted-here"));
  }

  private static Digest digest(byte[] bytes) throws Exception {
    return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void anImportThatWasCutOffBeforeItWasKnownIsDoneAgain() throws Exception {
    rig.put("clash", ONE);
    foreign(
        other -> {
          other.put("clash", TWO, "card");
          other.put("theirs", THREE, "card");
        });
    rig.tier("card", "sd");
    Path definition = rig.folder.resolve("home/conf/tiers/card.tier");
    String before = Files.readString(definition);
    ImportReport first = rig.core.tiers().importVolume("card");
    rig.core.close();
    Files.writeString(definition, before); // the crash came before this was written
    rig.start();
    isKeptApart();
    ImportReport second = rig.core.tiers().importVolume("card");
    assertThat(second.renamed()).isEmpty();
    assertThat(second.references())
        .contains(Rig.ref("theirs"), first.renamed().get(0).to())
        .hasSize(2);
    assertThat(rig.get("clash")).isEqualTo(ONE);
    assertThat(rig.get(first.renamed().get(0).to().toString())).isEqualTo(TWO);
    assertThat(names()).hasSize(3);
  }

  @Test
  void aDamagedVolumeIsNotImported() throws Exception {
    foreign(
        other -> {
          other.put("m", Rig.model(1, 4 << 20), "card");
          assertThat(other.core.maintenance().awaitIdle(LONG)).isTrue();
          other.core.maintenance().collect(); // what was encoded anew lies in no other pack, too
        });
    try (var files = Files.list(rig.medium("card"))) {
      Path pack =
          files
              .filter(file -> file.toString().endsWith(".lpk"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
        file.seek(500_000);
        int old = file.read();
        file.seek(500_000);
        file.write(old ^ 1);
      }
    }
    rig.tier("card", "sd");
    Rig.fails(ErrorCode.CORRUPT, () -> rig.core.tiers().importVolume("card"));
    isKeptApart();
    assertThat(names()).isEmpty();
  }

  @Test
  void aManifestThatClaimsTheDigestOfAnotherArtifactIsFoundOut() throws Exception {
    rig.put("ours", ONE);
    foreign(other -> other.put("theirs", TWO, "card"));
    byte[] claimed = digest(ONE).toBytes();
    Forger.forge(
        rig.medium("card"),
        (type, header, payload) -> {
          if (type == RecordHeader.MANIFEST) {
            payload.put(2, claimed);
          } else if (type == RecordHeader.REFERENCE) {
            payload.put(1, claimed);
          }
        });
    rig.tier("card", "sd");
    Rig.fails(ErrorCode.CORRUPT, () -> rig.core.tiers().importVolume("card"));
    isKeptApart();
    assertThat(rig.get("ours")).isEqualTo(ONE);
    assertThat(names()).containsExactly("ours:latest");
  }

  @Test
  void aBlockThatIsNotWhatItsHashSaysIsFoundOutThoughNoArtifactHasIt() throws Exception {
    byte[] zeros = new byte[64 << 10];
    byte[] claimed = digest(zeros).toBytes();
    foreign(
        other -> {
          other.put("a", TWO, "card");
          other.put("b", ONE, "card");
        });
    boolean[] done = new boolean[1];
    Forger.forge(
        rig.medium("card"),
        (type, header, payload) -> {
          if (type == RecordHeader.RUN && !done[0]) {
            header.put(16, claimed);
            done[0] = true;
          }
        });
    rig.tier("card", "sd");
    Rig.fails(ErrorCode.CORRUPT, () -> rig.core.tiers().importVolume("card"));
    isKeptApart();
    rig.put("zeros", zeros);
    assertThat(rig.get("zeros")).isEqualTo(zeros);
  }

  @Test
  void countersNearTheirLimitDoNotMoveOurs() throws Exception {
    rig.put("m", ONE);
    foreign(
        other -> {
          other.put("m", TWO, "card");
          other.put("n", TWO, "card");
        });
    long far = (1L << 55) - 2;
    Forger.forge(
        rig.medium("card"),
        (type, header, payload) -> {
          if (type == RecordHeader.REFERENCE || type == RecordHeader.MANIFEST) {
            header.putLong(24, far);
          }
        });
    rig.tier("card", "sd");
    Rig.fails(ErrorCode.CORRUPT, () -> rig.core.tiers().importVolume("card"));
    isKeptApart();
    rig.restart();
    rig.put("m", THREE);
    rig.restart();
    assertThat(rig.get("m")).isEqualTo(THREE);
    long ceiling = Long.parseLong(Files.readString(stamps()).strip());
    assertThat(ceiling).isLessThan(1L << 32);
  }

  private Path stamps() {
    return rig.folder.resolve("home/conf/stamps");
  }

  @Test
  void aVolumeThatIsSignedWithOurNameIsForeignAllTheSame() throws Exception {
    String gateway = Files.readString(rig.folder.resolve("home/conf/gateway")).strip();
    foreign(other -> other.put("m", TWO, "card"));
    // Signs as us.
    for (int copy = 0; copy < 2; copy++) {
      Path file = rig.medium("card").resolve("superblock." + copy);
      byte[] bytes = Files.readAllBytes(file);
      java.util.UUID us = java.util.UUID.fromString(gateway);
      ByteBuffer block = ByteBuffer.wrap(bytes);
      block.putLong(48, us.getMostSignificantBits()).putLong(56, us.getLeastSignificantBits());
      block.putInt(4092, dev.larder.store.format.Checksum.of(block.slice(0, 4092)));
      Files.write(file, bytes);
    }
    assertThat(rig.tier("card", "sd").state()).isEqualTo(TierState.FOREIGN);
    isKeptApart();
    assertThat(rig.core.tiers().importVolume("card").references()).hasSize(1);
    assertThat(rig.get("m")).isEqualTo(TWO);
  }
}
