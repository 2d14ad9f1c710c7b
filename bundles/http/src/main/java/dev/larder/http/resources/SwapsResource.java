package dev.larder.http.resources;

import dev.larder.api.ErrorCode;
import dev.larder.api.Evictions;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.Reference;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Json;
import dev.larder.http.core.JsonBody;
import dev.larder.http.core.Problem;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The RAM cache: {@code /v1/swaps}, {@code leases}, {@code evictions}. */
public final class SwapsResource {

  private static final long MAX_SECONDS = 366L * 24 * 3_600;

  /** What a swap did. */
  public record SwapView(
      String path,
      String digest,
      long size,
      BigDecimal millis,
      String level,
      long bytesRead,
      long bytesReused,
      String lease) {
    static SwapView of(SwapResult result) {
      return new SwapView(
          result.path().toString(),
          result.digest().toString(),
          result.size(),
          Json.millis(result.nanos()),
          result.level().name(),
          result.bytesRead(),
          result.bytesReused(),
          result.lease());
    }
  }

  /** A lease. */
  public record LeaseView(
      String id,
      String reference,
      String digest,
      @Nullable BigDecimal remainingMillis,
      boolean pinned,
      @Nullable Long pid) {
    static LeaseView of(Lease lease) {
      return new LeaseView(
          lease.id(),
          lease.reference().toString(),
          lease.digest().toString(),
          lease.remaining().map(Json::millis).orElse(null),
          lease.remaining().isEmpty(),
          lease.pid().isPresent() ? lease.pid().getAsLong() : null);
    }
  }

  /** How many leases ended. */
  public record Released(int released) {}

  /** What left the RAM cache, and what stayed. */
  public record EvictionsView(List<String> evicted, List<String> leased) {}

  private final Services services;

  /** The resource over these services. */
  public SwapsResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/swaps", "Make an artifact active", this::swap),
        Route.of("GET", "/v1/leases", "List leases", this::leases),
        Route.of("PUT", "/v1/leases/{id}", "Renew a lease: leaseSeconds", this::renew),
        Route.of("DELETE", "/v1/leases/{id}", "End a lease", this::release),
        Route.of("DELETE", "/v1/leases", "End all leases on a reference: ref=", this::releaseAll),
        Route.of("POST", "/v1/evictions", "Evict: reference, or all", this::evict));
  }

  private void swap(Exchange exchange) throws IOException {
    JsonBody body = exchange.json();
    Duration timeout = duration(body, "timeoutMillis", 6).orElse(SwapRequest.DEFAULT_TIMEOUT);
    Duration lease = duration(body, "leaseSeconds", 9).orElse(SwapRequest.DEFAULT_LEASE);
    OptionalLong pid = body.whole("pid");
    if (pid.isPresent() && (pid.getAsLong() < 1 || pid.getAsLong() > Integer.MAX_VALUE)) {
      throw LarderException.invalid("field 'pid' is not the number of a process");
    }
    SwapRequest request =
        new SwapRequest(body.reference("reference"), timeout, lease, body.flag("pin"), pid);
    exchange.send(200, SwapView.of(services.swapper().swap(request)));
  }

  /** A field in units of 10^digits nanoseconds, at most a year. */
  private static Optional<Duration> duration(JsonBody body, String field, int digits)
      throws LarderException {
    Optional<BigDecimal> value = body.number(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal nanos = value.get().movePointRight(digits).setScale(0, RoundingMode.HALF_UP);
    if (nanos.compareTo(BigDecimal.valueOf(MAX_SECONDS, -9)) > 0) {
      throw LarderException.invalid("field '" + field + "' is more than a year");
    }
    return Optional.of(Duration.ofNanos(nanos.longValueExact()));
  }

  private void leases(Exchange exchange) throws IOException {
    exchange.sendAll(200, services.swapper().leases().stream().map(LeaseView::of));
  }

  private void renew(Exchange exchange) throws IOException {
    Duration remaining =
        duration(exchange.json(), "leaseSeconds", 9).orElse(SwapRequest.DEFAULT_LEASE);
    Lease lease = services.swapper().renew(exchange.segment("id"), remaining);
    exchange.send(200, LeaseView.of(lease));
  }

  private void release(Exchange exchange) throws IOException {
    services.swapper().release(exchange.segment("id"));
    exchange.send(200, new Released(1));
  }

  private void releaseAll(Exchange exchange) throws IOException {
    Reference reference = exchange.reference("ref");
    exchange.send(200, new Released(services.swapper().release(reference)));
  }

  private void evict(Exchange exchange) throws IOException {
    JsonBody body = exchange.json();
    boolean all = body.flag("all");
    if (all == body.has("reference")) {
      throw LarderException.invalid("give either 'reference' or 'all': true");
    }
    Evictions evictions =
        all ? services.swapper().evictAll() : services.swapper().evict(body.reference("reference"));
    List<String> evicted = evictions.evicted().stream().map(Object::toString).toList();
    List<String> leased = evictions.leased().stream().map(Object::toString).toList();
    if (!leased.isEmpty()) {
      throw new Problem(
              Problem.status(ErrorCode.LEASED),
              ErrorCode.LEASED,
              "leased, so it stays in the RAM cache: " + String.join(", ", leased),
              "end the lease with 'larder release'")
          .with("evicted", evicted)
          .with("leased", leased);
    }
    exchange.send(200, new EvictionsView(evicted, leased));
  }
}
