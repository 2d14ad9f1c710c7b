package dev.larder.tiering;

import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.TierState;
import dev.larder.spi.media.MediumHealth;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Collects what is not as it should be from all parts. */
final class HealthReporter implements HealthService {

  private final Access access;

  HealthReporter(Access access) {
    this.access = access;
  }

  @Override
  public boolean ready() {
    return access.pluginsSettled()
        && access.ifOpen().map(gateway -> gateway.settling.isSettled()).orElse(false);
  }

  @Override
  public List<HealthFinding> findings() {
    List<HealthFinding> findings = new ArrayList<>();
    access.failure().ifPresent(failure -> findings.add(fatal(failure)));
    access.ifOpen().ifPresent(gateway -> collect(gateway, findings));
    findings.sort(Comparator.comparing(HealthFinding::severity).reversed());
    return findings;
  }

  private static HealthFinding fatal(LarderException failure) {
    return new HealthFinding(
        Severity.ERROR, "gateway", String.valueOf(failure.getMessage()), failure.advice());
  }

  private static void collect(Gateway gateway, List<HealthFinding> findings) {
    List<Tier> tiers = gateway.tiers.all();
    tiers.forEach(tier -> tier(tier, findings));
    findings.addAll(gateway.wear.health());
    gateway
        .tiers
        .firstFailure()
        .ifPresent(
            why ->
                findings.add(
                    new HealthFinding(
                        Severity.ERROR,
                        "tier/local",
                        "could not be made: " + why.getMessage(),
                        "add a tier with 'larder tier add'")));
    gateway
        .takeover
        .refused()
        .forEach(
            (folder, why) ->
                findings.add(
                    new HealthFinding(
                        Severity.WARNING,
                        "medium" + folder,
                        "not taken as a tier: " + why.getMessage(),
                        why.advice())));
    findings.addAll(gateway.plugins.drivers().health());
    findings.addAll(gateway.plugins.codecs().health());
    findings.addAll(gateway.codecs.health());
    findings.addAll(gateway.plugins.chunkers().health());
    for (PolicySelector<?> selector : gateway.policies.all()) {
      findings.addAll(selector.health());
    }
    findings.addAll(gateway.catalog.findings());
    findings.addAll(gateway.ram.health());
    if (gateway.plugins.codecs().codecs().isEmpty()) {
      findings.add(
          new HealthFinding(
              Severity.WARNING,
              "codec",
              "no codec is installed: new artifacts are stored uncompressed, and compressed ones"
                  + " cannot be read",
              "install a codec bundle"));
    }
  }

  private static void tier(Tier tier, List<HealthFinding> findings) {
    TierState state = tier.state();
    Optional<LarderException> problem = tier.problem();
    if (problem.isPresent()) {
      findings.add(
          new HealthFinding(
              severity(state),
              "tier/" + tier.name(),
              state.name().toLowerCase(Locale.ROOT) + ": " + problem.get().getMessage(),
              problem.get().advice()));
    }
    TierUse use = tier.tryUse().orElse(null);
    if (use != null) {
      try (use) {
        for (String damage : use.volume().damage()) {
          findings.add(
              new HealthFinding(
                  Severity.WARNING,
                  "tier/" + tier.name(),
                  damage,
                  "run 'larder scrub " + tier.name() + "': it repairs from other replicas"));
        }
        Duration hung = use.volume().hungFor();
        if (!hung.isZero()) {
          findings.add(
              new HealthFinding(
                  Severity.ERROR,
                  "tier/" + tier.name(),
                  "its medium has not answered for " + hung.toSeconds() + " s",
                  "check the device and how it is connected"));
        }
        MediumHealth health = use.volume().medium().health();
        if (!health.findings().isEmpty()) {
          findings.add(
              new HealthFinding(
                  Severity.WARNING,
                  "tier/" + tier.name(),
                  health.findings(),
                  "'larder tier rm " + tier.name() + "' moves what is on it to the others"));
        }
      }
    }
  }

  private static Severity severity(TierState state) {
    return state == TierState.READ_ONLY || state == TierState.OPENING || state == TierState.FOREIGN
        ? Severity.WARNING
        : Severity.ERROR;
  }
}
