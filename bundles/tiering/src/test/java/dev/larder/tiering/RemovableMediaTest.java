package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.ErrorCode;
import dev.larder.api.ForgottenTier;
import dev.larder.api.HealthFinding;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RemovableMediaTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] ONE = Rig.model(1, 300_000);
  private static final byte[] TWO = Rig.model(2, 300_000);
  private static final byte[] THREE = Rig.model(3, 300_000);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Path pull(String tier) throws IOException {
    Path shelf = Files.createDirectories(folder.resolve("shelf"));
    return Files.move(rig.medium(tier), shelf.resolve(tier));
  }

  private void plugIn(String tier) throws IOException {
    Files.move(folder.resolve("shelf").resolve(tier), rig.medium(tier));
  }

  private void stop() throws Exception {
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    rig.core.close();
  }

  /** Only the volumes and the home's own notes count. */
  private void loseTheCatalog() throws IOException {
    Rig.deleteTree(folder.resolve("home/catalog"));
  }

  private ArtifactSummary row(String reference) throws IOException {
    return rig.core.store().list().stream()
        .filter(row -> row.reference().equals(Rig.ref(reference)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aMediumThatIsPulledIsNoticedAndWhatIsInRamIsServed() throws Exception {
    rig.tier("card", "sd");
    rig.put("hot", ONE, "card");
    rig.put("cold", TWO, "card");
    rig.core.swapper().swap(SwapRequest.of(Rig.ref("hot")).withTimeout(LONG));
    pull("card");
    rig.awaitState("card", TierState.ABSENT); // nobody uses it

    assertThat(rig.info("card").reason()).contains("card");
    assertThat(rig.core.health().findings())
        .anyMatch(f -> f.subject().equals("tier/card") && f.finding().startsWith("absent"));
    assertThat(row("cold").tiers()).isEmpty();
    assertThat(row("cold").away()).containsExactly("card");
    assertThat(rig.core.store().show(Rig.ref("cold")).replicas()).isEmpty();
    assertThat(rig.core.store().show(Rig.ref("cold")).away()).containsExactly("card");
    assertThat(rig.core.swapper().swap(SwapRequest.of(Rig.ref("hot"))).level())
        .isEqualTo(SwapLevel.RAM);
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("cold"));
    Rig.fails(
        ErrorCode.TIER_ABSENT, () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("cold"))));
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.put("new", THREE, "card"));
    assertThat(rig.put("new", THREE).tier()).isEqualTo("local");

    plugIn("card");
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("cold")).isEqualTo(TWO);
    assertThat(row("cold").tiers()).containsExactly("card");
  }

  @Test
  void noVolumeIsMadeInTheMountPointOfAMediumThatIsGone() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", ONE, "card");
    pull("card");
    Path mountPoint = Files.createDirectory(rig.medium("card"));
    rig.awaitState("card", TierState.ABSENT);
    Thread.sleep(1500); // the next attempts to open it
    rig.restart();
    assertThat(rig.info("card").state()).isEqualTo(TierState.ABSENT);
    try (var files = Files.list(mountPoint)) {
      assertThat(files).isEmpty();
    }
    Files.delete(mountPoint);
    plugIn("card");
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
  }

  @Test
  void anotherMediumInItsPlaceIsNotTakenForIt() throws Exception {
    rig.tier("one", "sd");
    rig.tier("two", "sd");
    rig.put("m", ONE, "one");
    rig.put("n", TWO, "two");
    stop();
    Path one = pull("one");
    Files.move(rig.medium("two"), rig.medium("one"));
    rig.start();
    // "two" is found where "one" was, and "one" is nowhere.
    rig.awaitState("two", TierState.ABSENT);
    assertThat(rig.info("one").state()).isEqualTo(TierState.ABSENT);
    assertThat(rig.info("one").reason()).contains("another volume");
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Files.move(rig.medium("one"), rig.medium("two"));
    Files.move(one, rig.medium("one"));
    rig.awaitState("one", TierState.READY);
    rig.awaitState("two", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
    assertThat(rig.get("n")).isEqualTo(TWO);
  }

  @Test
  void aVolumeIsRecognisedAtAnyMountPoint() throws Exception {
    Path first = Files.createDirectories(folder.resolve("mnt/first"));
    Path inside = Files.createDirectories(first.resolve("models/vision"));
    rig.mount(first);
    rig.core.tiers().add(spec("card", inside));
    rig.put("m", ONE, "card");
    rig.mount();
    Path second = folder.resolve("mnt/second place");
    Files.move(first, second);
    rig.awaitState("card", TierState.ABSENT);
    rig.mount(second);
    rig.awaitState("card", TierState.READY);
    assertThat(rig.info("card").location())
        .isEqualTo(second.toRealPath().resolve("models/vision").toString());
    assertThat(rig.get("m")).isEqualTo(ONE);
    stop();
    Path third = folder.resolve("mnt/third");
    Files.move(second, third);
    rig.mount(third);
    rig.start();
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
    assertThat(rig.core.tiers().tiers()).hasSize(2);
  }

  private static TierSpec spec(String name, Path place) {
    return new TierSpec(
        name,
        place.toString(),
        Optional.of("sd"),
        TierRole.STORAGE,
        OptionalLong.empty(),
        Map.of());
  }

  @Test
  void aDeviceThatIsPulledIsGoneThoughItsFileSystemStillAnswers() throws Exception {
    Path place = Files.createDirectories(folder.resolve("mnt/card/models"));
    rig.mount(place.getParent());
    rig.core.tiers().add(spec("card", place));
    rig.put("m", ONE, "card");
    Path device = folder.resolve("root/sys/block/sda");
    Files.delete(device);
    rig.awaitState("card", TierState.ABSENT);
    Thread.sleep(1500); // the next attempts to open it
    assertThat(rig.info("card").reason()).contains("sda");
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Files.createDirectories(device);
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
  }

  @Test
  void addingTheVolumeOfATierThatIsAwayBringsThatTierBack() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", ONE, "card");
    Path shelf = pull("card");
    rig.awaitState("card", TierState.ABSENT);
    TierInfo back = rig.core.tiers().add(spec("other", shelf));
    assertThat(back.name()).isEqualTo("card");
    assertThat(back.state()).isEqualTo(TierState.READY);
    assertThat(back.location()).isEqualTo(shelf.toRealPath().toString());
    assertThat(rig.get("m")).isEqualTo(ONE);
    rig.restart();
    assertThat(rig.get("m")).isEqualTo(ONE);
    assertThat(rig.core.tiers().tiers()).hasSize(2);
  }

  @Test
  void whatWasChangedMeanwhileStaysSo() throws Exception {
    rig.tier("card", "sd");
    for (String name : new String[] {"deleted", "replaced", "tagged", "kept"}) {
      rig.put(name, ONE, "card");
    }
    rig.put("base", TWO, "local");
    pull("card");
    rig.awaitState("card", TierState.ABSENT);
    rig.core.store().delete(Rig.ref("deleted"));
    rig.put("replaced", THREE, "local");
    rig.core.store().tag(Rig.ref("base"), Rig.ref("tagged"));
    plugIn("card");
    rig.awaitState("card", TierState.READY);
    for (int i = 0; i < 2; i++) {
      Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("deleted"));
      assertThat(rig.get("replaced")).isEqualTo(THREE);
      assertThat(rig.get("tagged")).isEqualTo(TWO);
      assertThat(rig.get("kept")).isEqualTo(ONE);
      rig.core.maintenance().collect();
      stop();
      loseTheCatalog();
      rig.start();
    }
    // The card itself was told: it knows that what it has is not the newest.
    stop();
    loseTheCatalog();
    Files.move(folder.resolve("home/tiers/local"), folder.resolve("shelf/local"));
    rig.start();
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("deleted"));
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("replaced"));
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("tagged"));
    assertThat(rig.get("kept")).isEqualTo(ONE);
  }

  @Test
  void anOlderContentIsNotServedWhileTheNewestIsAway() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", ONE, "local");
    rig.put("m", TWO, "card");
    stop();
    loseTheCatalog();
    pull("card");
    rig.start();
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("m"))));
    // The one before can be had by saying so, and that is the newest then.
    rig.core.store().rollback(Rig.ref("m"));
    assertThat(rig.get("m")).isEqualTo(ONE);
    plugIn("card");
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
    rig.core.store().rollback(Rig.ref("m"));
    assertThat(rig.get("m")).isEqualTo(TWO);
  }

  @Test
  void aVolumeThatWasAwayDuringAChangeDoesNotHideItAfterARestart() throws Exception {
    rig.tier("one", "sd");
    rig.tier("two", "sd");
    rig.put("m", ONE, "one");
    rig.put("gone", ONE, "one");
    pull("one");
    rig.awaitState("one", TierState.ABSENT);
    rig.put("m", TWO, "two");
    rig.put("gone", TWO, "two");
    rig.core.store().delete(Rig.ref("gone"));
    stop();
    loseTheCatalog();
    pull("two");
    plugIn("one");
    rig.start();
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("gone"));
    plugIn("two");
    rig.awaitState("two", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(TWO);
    Rig.await("all were told", () -> Files.notExists(folder.resolve("home/conf/untold")));
    // Now "one" knows by itself.
    stop();
    loseTheCatalog();
    pull("two");
    rig.start();
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
  }

  @Test
  void aPutIsNewerThanWhatAVolumeHasThatIsAway() throws Exception {
    rig.tier("card", "sd");
    for (int i = 0; i < 20; i++) {
      rig.put("m", Rig.model(i, 1000), "card");
    }
    stop();
    loseTheCatalog();
    pull("card");
    rig.start();
    rig.put("m", ONE);
    plugIn("card");
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(ONE);
    rig.restart();
    assertThat(rig.get("m")).isEqualTo(ONE);
  }

  @Test
  void whatWasOnAnAbsentTierCanBeForgottenAndImportedAgain() throws Exception {
    rig.tier("card", "sd");
    rig.put("here", ONE, "local");
    rig.put("both", ONE, "card");
    rig.put("lost", TWO, "card");
    pull("card");
    rig.awaitState("card", TierState.ABSENT);
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.core.tiers().remove("card"));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.tiers().forget("local"));
    ForgottenTier forgotten = rig.core.tiers().forget("card");
    assertThat(forgotten.references()).containsExactly(Rig.ref("lost"));
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("lost"));
    rig.put("lost", THREE);
    rig.restart();
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    plugIn("card");
    assertThat(rig.tier("card", "sd").state()).isEqualTo(TierState.FOREIGN);
    assertThat(rig.get("lost")).isEqualTo(THREE);
    assertThat(rig.core.tiers().importVolume("card").renamed()).hasSize(1);
    assertThat(rig.get("lost")).isEqualTo(THREE);
    assertThat(rig.get("both")).isEqualTo(ONE);
  }

  @Test
  void aTwinIsRefused() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", ONE, "card");
    stop();
    Path twin = Files.createDirectories(folder.resolve("mnt/twin"));
    Rig.copyTree(rig.medium("card"), twin.resolve("larder"));
    rig.mount(twin);
    rig.start();
    Rig.await("the twin is refused", () -> finding("a copy of it").isPresent());
    assertThat(rig.core.tiers().tiers()).hasSize(2);
    assertThat(rig.info("card").location()).isEqualTo(rig.medium("card").toRealPath().toString());
    Rig.fails(
        ErrorCode.ALREADY_EXISTS, () -> rig.core.tiers().add(spec("x", twin.resolve("larder"))));
    assertThat(rig.get("m")).isEqualTo(ONE);
  }

  private Optional<HealthFinding> finding(String text) {
    return rig.core.health().findings().stream()
        .filter(finding -> finding.finding().contains(text))
        .findFirst();
  }

  @Test
  void anOlderCopyDoesNotPassForTheVolume() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", ONE, "card");
    stop();
    Path copy = folder.resolve("copy");
    Rig.copyTree(rig.medium("card"), copy);
    rig.start();
    rig.put("m", TWO, "card");
    pull("card");
    rig.awaitState("card", TierState.ABSENT);
    Rig.copyTree(copy, rig.medium("card"));
    Rig.await("the copy was looked at", () -> rig.info("card").reason().contains("older copy"));
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    rig.restart();
    assertThat(rig.info("card").reason()).contains("older copy");
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Rig.deleteTree(rig.medium("card"));
    plugIn("card");
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(TWO);
  }

  @Test
  void whatAnotherGatewayDidWithAVolumeIsTakenByItsStamps() throws Exception {
    rig.tier("card", "sd");
    rig.put("deleted", ONE, "card");
    rig.put("replaced", ONE, "card");
    rig.put("renamed", ONE, "card");
    rig.put("mine", ONE, "local");
    stop();
    Path home = rig.medium("card");
    try (Rig other = new Rig(Files.createDirectories(folder.resolve("other")))) {
      other.put("renamed", THREE);
      Path there = Files.createDirectories(other.folder.resolve("media")).resolve("card");
      Files.move(home, there);
      assertThat(other.tier("card", "sd").state()).isEqualTo(TierState.FOREIGN);
      assertThat(other.core.tiers().importVolume("card").references())
          .extracting(Object::toString)
          .containsExactly("deleted:latest", "replaced:latest");
      other.core.store().delete(Rig.ref("deleted"));
      other.put("replaced", TWO, "card");
      other.put("added", THREE, "card");
      other.core.maintenance().collect();
      assertThat(other.core.maintenance().awaitIdle(LONG)).isTrue();
      other.core.close();
      Files.move(there, home);
      rig.start();
    }
    rig.awaitState("card", TierState.READY);
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("deleted"));
    assertThat(rig.get("replaced")).isEqualTo(TWO);
    assertThat(rig.get("added")).isEqualTo(THREE);
    assertThat(rig.get("renamed")).isEqualTo(ONE);
    assertThat(rig.get("mine")).isEqualTo(ONE);
  }
}
