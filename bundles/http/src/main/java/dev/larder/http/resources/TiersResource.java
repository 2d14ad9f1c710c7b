package dev.larder.http.resources;

import dev.larder.api.ForgottenTier;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierFigures;
import dev.larder.api.TierInfo;
import dev.larder.api.TierReads;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierWear;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.JsonBody;
import dev.larder.http.core.Params;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tiers: {@code /v1/tiers}. */
public final class TiersResource {

  /** What was read from a tier since it was opened, and how fast lately. */
  public record ReadsView(
      long count, long bytes, BigDecimal latencyMicros, BigDecimal bandwidthMBps) {

    static ReadsView of(TierReads reads) {
      return new ReadsView(
          reads.count(),
          reads.bytes(),
          TierView.decimal(reads.latencyMicros()),
          TierView.decimal(reads.bandwidthMBps()));
    }
  }

  /** How much a tier may be written; what has no bound is null. */
  public record WearView(
      long writtenBytes,
      @Nullable Long ratedBytes,
      @Nullable Long dailyBudgetBytes,
      @Nullable Long availableBytes,
      boolean holdsBack) {

    static WearView of(long written, TierWear wear) {
      return new WearView(
          written,
          orNull(wear.ratedBytes()),
          orNull(wear.dailyBytes()),
          orNull(wear.availableBytes()),
          wear.holdsBack());
    }

    private static @Nullable Long orNull(OptionalLong value) {
      return value.isPresent() ? value.getAsLong() : null;
    }
  }

  /** A tier. */
  public record TierView(
      String name,
      String path,
      String driver,
      String medium,
      String role,
      String state,
      String reason,
      @Nullable String volume,
      long capacityBytes,
      long usedBytes,
      long artifacts,
      BigDecimal readLatencyMicros,
      BigDecimal bandwidthMBps,
      long bytesWritten,
      boolean measured,
      BigDecimal writeMBps,
      int randomReadsPerSecond,
      BigDecimal forceMicros,
      int queueDepth,
      int extentBytes,
      ReadsView reads,
      WearView wear,
      @Nullable BigDecimal lifeUsed,
      String findings) {

    static TierView of(TierInfo tier) {
      TierFigures figures = tier.figures();
      return new TierView(
          tier.name(),
          tier.location(),
          tier.driver(),
          tier.medium(),
          tier.role().name(),
          tier.state().name(),
          tier.reason(),
          tier.volume().map(UUID::toString).orElse(null),
          tier.capacityBytes(),
          tier.usedBytes(),
          tier.artifacts(),
          decimal(tier.readLatencyMicros()),
          decimal(tier.bandwidthMBps()),
          tier.bytesWritten(),
          figures.measured(),
          decimal(figures.writeMBps()),
          figures.randomReadsPerSecond(),
          decimal(figures.forceMicros()),
          figures.queueDepth(),
          figures.extentBytes(),
          ReadsView.of(tier.reads()),
          WearView.of(tier.bytesWritten(), tier.wear()),
          tier.lifeUsed().isPresent() ? decimal(tier.lifeUsed().getAsDouble()) : null,
          tier.findings());
    }

    static BigDecimal decimal(double value) {
      return Double.isFinite(value)
          ? BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP)
          : BigDecimal.ZERO;
    }
  }

  /**
   * Which tier was removed, and the references that can no longer be read if it was forgotten
   * rather than emptied.
   */
  public record Removed(String name, boolean removed, List<String> lost) {}

  private final Services services;

  /** The resource over these services. */
  public TiersResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/tiers", "List tiers, fastest first", this::list),
        Route.of("POST", "/v1/tiers", "Add a tier: name, path, driver, role, …", this::add),
        Route.of(
            "DELETE", "/v1/tiers/{name}", "Drain a tier and remove it: forget=", this::remove));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.sendAll(200, services.tierManager().tiers().stream().map(TierView::of));
  }

  private void add(Exchange exchange) throws IOException {
    JsonBody body = exchange.json();
    String name = body.need("name");
    if (name.isEmpty() || name.length() > 64) {
      throw LarderException.invalid("a tier's name has 1 to 64 characters");
    }
    Optional<String> role = body.text("role");
    TierSpec spec =
        new TierSpec(
            name,
            body.need("path"),
            body.text("driver"),
            role.isPresent() ? Params.role(role.get()) : TierRole.STORAGE,
            body.whole("capacityBytes"),
            body.texts("options"));
    exchange.send(201, TierView.of(services.tierManager().add(spec)));
  }

  private void remove(Exchange exchange) throws IOException {
    String name = exchange.segment("name");
    Optional<String> forget = exchange.query("forget");
    if (forget.isPresent() && Params.flag(forget.get())) {
      ForgottenTier forgotten = services.tierManager().forget(name);
      List<String> lost = forgotten.references().stream().map(Reference::toString).toList();
      exchange.send(200, new Removed(name, true, lost));
      return;
    }
    services.tierManager().remove(name);
    exchange.send(200, new Removed(name, true, List.of()));
  }
}
