package dev.larder.itest.pax;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.Reference;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** A tier whose driver is gone is absent, says why, and comes back with the driver. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AbsentDriverIT extends GatewayTestCase {

  private static final int SIZE = 1 << 20;
  private static final String CARD = "card";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Configuration
  public Option[] gateway() {
    return new Option[] {
      Distribution.gateway(AbsentDriverIT.class, Map.of("larder.patience", "1s"))
    };
  }

  @Test
  public void theTierIsAbsentWhileItsDriverIs() throws Exception {
    String driver = otherDriverThanThatOfTheFirstTier();
    Path folder = Files.createDirectories(work().resolve("card"));
    tiers.add(
        new TierSpec(
            CARD,
            folder.toString(),
            Optional.of(driver),
            TierRole.STORAGE,
            OptionalLong.empty(),
            Map.of()));
    await("the tier opens", PATIENCE, () -> card().state() == TierState.READY);
    byte[] onCard = Samples.model(31, SIZE);
    byte[] elsewhere = Samples.model(32, SIZE);
    Reference reference = Reference.parse("absent/on-card");
    store.put(PutRequest.of(reference, ArtifactKind.MODEL).onTier(CARD), content(onCard));

    PlugIn plugIn = PlugIn.named(context, "larder.media." + driver);
    plugIn.stop();
    await("the tier is absent", PATIENCE, () -> card().state() == TierState.ABSENT);
    assertTrue("reason: " + card().reason(), card().reason().contains(driver));
    LarderException refused = failureOf(() -> get("absent/on-card"));
    assertTrue(
        refused.describe(),
        Set.of(ErrorCode.TIER_ABSENT, ErrorCode.DRIVER_MISSING).contains(refused.code()));
    assertTrue("health: " + health.findings(), healthNamesTheCard());
    put("absent/elsewhere", elsewhere);
    assertArrayEquals(elsewhere, get("absent/elsewhere"));

    plugIn.start();
    await("the tier is back", PATIENCE, () -> card().state() == TierState.READY);
    assertArrayEquals(onCard, get("absent/on-card"));
    await("health is well again", PATIENCE, () -> !healthNamesTheCard());
  }

  private String otherDriverThanThatOfTheFirstTier() {
    return tiers.tiers().get(0).driver().equals("sd") ? "emmc" : "sd";
  }

  private TierInfo card() {
    return tiers.tiers().stream().filter(t -> t.name().equals(CARD)).findFirst().orElseThrow();
  }

  private boolean healthNamesTheCard() {
    return health.findings().stream()
        .map(HealthFinding::subject)
        .anyMatch(subject -> subject.equals("tier/" + CARD));
  }
}
