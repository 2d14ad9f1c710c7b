package dev.larder.tiering;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactStore;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.Content;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.HistoryEntry;
import dev.larder.api.LarderException;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.Replica;
import dev.larder.api.StoredContent;
import dev.larder.api.Temperature;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Manifest;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Artifacts and their names, as users call them. */
final class ArtifactService implements ArtifactStore {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactService.class);

  /** The catalog is worth waiting for so long; the namespace answers as well. */
  private static final Duration CATALOG_TIME = Duration.ofMillis(500);

  private final Access access;

  ArtifactService(Access access) {
    this.access = access;
  }

  @Override
  public PutResult put(PutRequest request, Content content) throws LarderException {
    Gateway gateway = access.gateway();
    return Failures.typed(
        "putting " + request.reference(), () -> gateway.puts.put(request, content));
  }

  @Override
  public List<PutResult> putAll(PutBatch batch) throws LarderException {
    Gateway gateway = access.gateway();
    return Failures.typed("putting a batch", () -> gateway.puts.putAll(batch));
  }

  @Override
  public StoredContent open(Reference reference) throws LarderException {
    Gateway gateway = access.gateway();
    return Failures.typed(
        "opening " + reference, () -> used(gateway, gateway.reads.open(reference)));
  }

  @Override
  public StoredContent open(Digest digest) throws LarderException {
    Gateway gateway = access.gateway();
    return Failures.typed("opening " + digest, () -> used(gateway, gateway.reads.open(digest)));
  }

  private static StoredContent used(Gateway gateway, StoredContent content) {
    gateway.usage.loaded(content.digest());
    gateway.usage.used(content.digest());
    return content;
  }

  @Override
  public List<ArtifactSummary> list() throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    Optional<List<ArtifactSummary>> told = fromCatalog(gateway, gateway.catalog::list);
    if (told.isEmpty()) {
      return fromNames(gateway);
    }
    // The catalog also knows of volumes that are away.
    List<ArtifactSummary> rows = new ArrayList<>();
    for (ArtifactSummary row : told.get()) {
      List<String> here = row.tiers().stream().filter(name -> isOpen(gateway, name)).toList();
      List<String> away = row.tiers().stream().filter(name -> !here.contains(name)).toList();
      rows.add(
          new ArtifactSummary(
              row.reference(), row.digest(), row.size(), row.kind(), here, row.since(), away));
    }
    return rows;
  }

  /** All that the catalog knows, replicas on tiers that are away included. */
  static Optional<List<ArtifactSummary>> rows(Gateway gateway) {
    return fromCatalog(gateway, gateway.catalog::list);
  }

  private static boolean isOpen(Gateway gateway, String tier) {
    return gateway.tiers.find(tier).flatMap(Tier::profile).isPresent();
  }

  /** Asks the catalog, once it has caught up; empty if it is not well or too slow. */
  private static <T> Optional<T> fromCatalog(Gateway gateway, Failures.Call<T> question) {
    try {
      if (gateway.catalog.awaitApplied(CATALOG_TIME)) {
        return Optional.of(question.run());
      }
    } catch (IOException e) {
      LOG.debug("the catalog does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static List<ArtifactSummary> fromNames(Gateway gateway) {
    List<ArtifactSummary> rows = new ArrayList<>();
    for (ReferenceChange change : gateway.names.live()) {
      rows.add(summary(gateway, change));
    }
    return rows;
  }

  private static ArtifactSummary summary(Gateway gateway, ReferenceChange change) {
    Digest digest = change.target().orElseThrow();
    Optional<ArtifactEntry> entry = gateway.replicas.entry(digest);
    return new ArtifactSummary(
        change.reference(),
        digest,
        entry.map(ArtifactEntry::size).orElse(0L),
        entry.map(ArtifactEntry::kind).orElse(ArtifactKind.MODEL),
        gateway.replicas.holders(digest).stream().map(Tier::name).toList(),
        Instant.ofEpochMilli(change.stamp().wallMillis()),
        gateway.replicas.absentTiers(digest));
  }

  @Override
  public ArtifactDetails show(Reference reference) throws LarderException {
    Gateway gateway = access.gateway();
    return Failures.typed("showing " + reference, () -> details(gateway, reference));
  }

  static ArtifactDetails details(Gateway gateway, Reference reference) throws IOException {
    Digest digest = gateway.references.require(reference);
    ArtifactEntry entry =
        gateway
            .replicas
            .awaitEntry(digest)
            .orElseThrow(() -> gateway.references.lost(reference, digest));
    List<Replica> replicas = new ArrayList<>();
    long reclaimable = 0;
    String chunker = "";
    for (Tier tier : gateway.replicas.holders(digest)) {
      TierUse use = tier.tryUse().orElse(null);
      if (use == null) {
        continue;
      }
      try (use) {
        Volume volume = use.volume();
        Optional<ArtifactEntry> here = volume.artifact(digest);
        if (here.isPresent()) {
          long exclusive = volume.exclusiveBytes(digest);
          Manifest manifest = volume.manifest(digest);
          replicas.add(new Replica(tier.name(), tier.role(), here.get().storedBytes()));
          reclaimable += exclusive;
          chunker = manifest.chunker() + parameters(manifest);
        }
      } catch (LarderException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        LOG.debug("{} has left tier {} meanwhile", digest, tier.name(), e);
      }
    }
    return new ArtifactDetails(
        reference,
        digest,
        entry.size(),
        entry.kind(),
        temperature(gateway, digest),
        replicas,
        history(gateway, reference, digest),
        reclaimable,
        entry.blocks(),
        chunker,
        gateway.replicas.absentTiers(digest));
  }

  private static String parameters(Manifest manifest) {
    String parameters = manifest.chunkerParameters();
    return parameters.isEmpty() ? "" : " " + parameters;
  }

  static Temperature temperature(Gateway gateway, Digest digest) {
    if (gateway.ram.isLeased(digest)) {
      return Temperature.ACTIVE;
    }
    return gateway.ram.isResident(digest)
        ? Temperature.CACHED
        : gateway.usage.temperature(gateway.usage.heat(digest));
  }

  private static List<HistoryEntry> history(Gateway gateway, Reference reference, Digest current) {
    return fromCatalog(gateway, () -> gateway.catalog.history(reference))
        .filter(told -> !told.isEmpty() && told.get(0).digest().equals(current))
        .orElseGet(() -> gateway.names.history(reference));
  }

  @Override
  public void delete(Reference reference) throws LarderException {
    Gateway gateway = access.gateway();
    Digest digest =
        Failures.typed("deleting " + reference, () -> gateway.references.delete(reference));
    Failures.typed(
        "removing the link of " + reference,
        () -> {
          gateway.ram.forget(reference);
          return digest;
        });
    if (gateway.names.referencesTo(digest).isEmpty()) {
      gateway.ram.discard(digest);
    }
    gateway.events.post(Events.DELETED, Map.of(Events.REFERENCE, reference.toString()));
  }

  @Override
  public ArtifactSummary tag(Reference reference, Reference alias) throws LarderException {
    Gateway gateway = access.gateway();
    Digest digest = gateway.references.require(reference);
    return point(gateway, alias, digest);
  }

  @Override
  public ArtifactSummary rollback(Reference reference) throws LarderException {
    Gateway gateway = access.gateway();
    gateway.references.require(reference);
    Digest before =
        gateway
            .names
            .previous(reference)
            .orElseThrow(
                () ->
                    LarderException.notFound(
                        reference + " has no earlier content",
                        "see 'larder show " + reference + "'"));
    return point(gateway, reference, before);
  }

  private static ArtifactSummary point(Gateway gateway, Reference reference, Digest digest)
      throws LarderException {
    Failures.typed(
        "setting " + reference,
        () -> {
          gateway.references.point(reference, digest);
          return digest;
        });
    gateway.events.post(
        Events.REFERENCE_CHANGED,
        Map.of(Events.REFERENCE, reference.toString(), Events.DIGEST, digest.toString()));
    return summary(gateway, gateway.names.newest(reference).orElseThrow(() -> gone(reference)));
  }

  private static LarderException gone(Reference reference) {
    return LarderException.notFound(reference + " was deleted meanwhile", "");
  }
}
