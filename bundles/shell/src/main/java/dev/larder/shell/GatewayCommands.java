package dev.larder.shell;

import dev.larder.api.CollectionReport;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyManager;
import dev.larder.api.Reference;
import dev.larder.api.RepairReport;
import dev.larder.api.ScrubReport;
import dev.larder.api.Statistics;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierInfo;
import dev.larder.api.TierManager;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code larder:tiers}, {@code larder:stats}, {@code larder:policies}, {@code larder:use}, … */
@Component(
    service = GatewayCommands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=tiers",
      "osgi.command.function=migrate",
      "osgi.command.function=forget",
      "osgi.command.function=importVolume",
      "osgi.command.function=stats",
      "osgi.command.function=policies",
      "osgi.command.function=use",
      "osgi.command.function=dryRun",
      "osgi.command.function=health",
      "osgi.command.function=gc",
      "osgi.command.function=scrub",
      "osgi.command.function=repair",
      "osgi.command.function=rebalance",
      "osgi.command.function=rebuild"
    })
public final class GatewayCommands {

  private final TierManager tiers;
  private final PolicyManager policies;
  private final StatisticsService statistics;
  private final HealthService health;
  private final Maintenance maintenance;

  /** Commands on the rest of the services. */
  @Activate
  public GatewayCommands(
      @org.osgi.service.component.annotations.Reference TierManager tiers,
      @org.osgi.service.component.annotations.Reference PolicyManager policies,
      @org.osgi.service.component.annotations.Reference StatisticsService statistics,
      @org.osgi.service.component.annotations.Reference HealthService health,
      @org.osgi.service.component.annotations.Reference Maintenance maintenance) {
    this.tiers = tiers;
    this.policies = policies;
    this.statistics = statistics;
    this.health = health;
    this.maintenance = maintenance;
  }

  /** All tiers. */
  public String tiers() {
    return tiers.tiers().stream().map(GatewayCommands::row).collect(Collectors.joining("\n"));
  }

  private static String row(TierInfo tier) {
    return String.format(
        "%-16s %-8s %-9s %-8s %d of %d bytes, %d artifacts, %s %s",
        tier.name(),
        tier.role(),
        tier.state(),
        tier.driver(),
        tier.usedBytes(),
        tier.capacityBytes(),
        tier.artifacts(),
        tier.location(),
        tier.reason());
  }

  /** Moves an artifact to another tier. */
  public String migrate(String reference, String tier) throws LarderException {
    return tiers.migrate(Reference.parse(reference), tier).replicas().toString();
  }

  /** Removes a tier that is away; tells which references can no longer be read. */
  public String forget(String tier) throws LarderException {
    return tiers.forget(tier).references().toString();
  }

  /** Imports the volume of another gateway. */
  public String importVolume(String tier) throws LarderException {
    return tiers.importVolume(tier).toString();
  }

  /** Figures since the start. */
  public String stats() {
    Statistics s = statistics.current();
    return String.format(
        "artifacts %d, logical %d, stored %d, physical %d bytes; blocks %d, unique %d%n"
            + "RAM: policy %s, %d of %d bytes, %d residents, %d hits, %d misses%nswaps: %s",
        s.artifacts(),
        s.logicalBytes(),
        s.storedBytes(),
        s.physicalBytes(),
        s.totalBlocks(),
        s.uniqueBlocks(),
        s.cache().policy(),
        s.cache().usedBytes(),
        s.cache().limitBytes(),
        s.cache().residents(),
        s.cache().hits(),
        s.cache().misses(),
        s.swaps());
  }

  /** All policies; a star marks those that decide. */
  public String policies() {
    return policies.policies().stream().map(p -> row(p)).collect(Collectors.joining("\n"));
  }

  private static String row(PolicyInfo policy) {
    return String.format(
        "%s %-10s %-16s %s",
        policy.active() ? "*" : " ", policy.service(), policy.name(), policy.bundle());
  }

  /** Lets another policy decide. */
  public String use(String policy) throws LarderException {
    return row(policies.use(policy));
  }

  /** What a cache policy would have reached on the accesses of late. */
  public String dryRun(String policy) throws LarderException {
    return policies.dryRun(policy).stream()
        .map(
            t ->
                String.format(
                    "%s %-16s %d accesses, object hit ratio %.4f, byte hit ratio %.4f",
                    t.active() ? "*" : " ",
                    t.policy(),
                    t.accesses(),
                    t.objectHitRatio(),
                    t.byteHitRatio()))
        .collect(Collectors.joining("\n"));
  }

  /** What is not as it should be. */
  public String health() {
    List<HealthFinding> findings = health.findings();
    String found =
        findings.stream()
            .map(f -> f.severity() + " " + f.subject() + ": " + f.finding() + "; " + f.advice())
            .collect(Collectors.joining("\n"));
    return (health.ready() ? "ready" : "not ready") + (found.isEmpty() ? "" : "\n" + found);
  }

  /** Frees what nothing needs. */
  public String gc() throws LarderException {
    CollectionReport report = maintenance.collect();
    return report.artifacts() + " artifacts dropped, " + report.reclaimedBytes() + " bytes freed";
  }

  /** Checks all tiers. */
  public String scrub() throws LarderException {
    return told(maintenance.scrub(Optional.empty()));
  }

  /** Checks one tier. */
  public String scrub(String tier) throws LarderException {
    return told(maintenance.scrub(Optional.of(tier)));
  }

  /** Makes whole from other replicas what is known to be damaged. */
  public String repair() throws LarderException {
    RepairReport report = maintenance.repair(false);
    return report.damaged() + " damaged artifacts, " + report.repaired() + " repaired";
  }

  private static String told(ScrubReport report) {
    return report.blocks()
        + " blocks, "
        + report.bad()
        + " bad, "
        + report.repaired()
        + " repaired";
  }

  /** Moves what is hot to faster tiers, and what is cold off those that fill up. */
  public String rebalance() throws LarderException {
    return maintenance.rebalance().toString();
  }

  /** Builds the catalog anew from the volumes. */
  public String rebuild() throws LarderException {
    return maintenance.rebuildCatalog() + " artifacts";
  }
}
