package dev.larder.http.resources;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactStore;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.http.core.BatchReader;
import dev.larder.http.core.Body;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Json;
import dev.larder.http.core.JsonBody;
import dev.larder.http.core.Params;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Artifacts and their names: {@code /v1/artifacts}, {@code batches}, {@code tags}, … */
public final class ArtifactsResource {

  /** A row of a listing. */
  public record Row(
      String reference,
      String digest,
      long size,
      String kind,
      List<String> tiers,
      String since,
      List<String> away) {
    static Row of(ArtifactSummary summary) {
      return new Row(
          summary.reference().toString(),
          summary.digest().toString(),
          summary.size(),
          summary.kind().name(),
          summary.tiers(),
          summary.since().toString(),
          summary.away());
    }
  }

  /** All about a reference. */
  public record Details(
      String reference,
      String digest,
      long size,
      String kind,
      String temperature,
      List<ReplicaView> replicas,
      List<HistoryView> history,
      long reclaimableBytes,
      long blocks,
      String chunker,
      List<String> away) {

    static Details of(ArtifactDetails details) {
      return new Details(
          details.reference().toString(),
          details.digest().toString(),
          details.size(),
          details.kind().name(),
          details.temperature().name(),
          details.replicas().stream()
              .map(r -> new ReplicaView(r.tier(), r.role().name(), r.storedBytes()))
              .toList(),
          details.history().stream()
              .map(h -> new HistoryView(h.digest().toString(), h.since().toString(), h.current()))
              .toList(),
          details.reclaimableBytes(),
          details.blocks(),
          details.chunker(),
          details.away());
    }
  }

  /** A replica. */
  public record ReplicaView(String tier, String role, long storedBytes) {}

  /** A content that the reference had. */
  public record HistoryView(String digest, String since, boolean current) {}

  /** What a put did. */
  public record PutView(
      String reference,
      String digest,
      long size,
      long storedBytes,
      long newBlocks,
      long totalBlocks,
      String tier,
      boolean created,
      BigDecimal millis) {
    static PutView of(PutResult result) {
      return new PutView(
          result.reference().toString(),
          result.digest().toString(),
          result.size(),
          result.storedBytes(),
          result.newBlocks(),
          result.totalBlocks(),
          result.tier(),
          result.created(),
          Json.millis(result.nanos()));
    }
  }

  /** What was deleted. */
  public record Deleted(String reference, boolean deleted) {}

  private final Services services;

  /** The resource over these services. */
  public ArtifactsResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("PUT", "/v1/artifacts", "Store an artifact: ref=, kind=, tier=, …", this::put),
        Route.of("GET", "/v1/artifacts", "List references, or show one: ref=", this::get),
        Route.of("DELETE", "/v1/artifacts", "Delete a reference: ref=", this::delete),
        Route.of("POST", "/v1/batches", "Store many artifacts with one commit", this::batch),
        Route.of("POST", "/v1/tags", "Give a second name: reference, alias", this::tag),
        Route.of("POST", "/v1/rollbacks", "Set a reference back: reference", this::rollback),
        Route.of("POST", "/v1/migrations", "Move to a tier: reference, tier", this::migrate));
  }

  private void put(Exchange exchange) throws IOException {
    PutRequest request = putRequest(exchange);
    Optional<Digest> digest = Body.announcedDigest(exchange);
    PutResult result = services.store().put(request, Body.content(exchange, digest));
    exchange.bodyDone();
    exchange.send(result.created() ? 201 : 200, PutView.of(result));
  }

  private static PutRequest putRequest(Exchange exchange) throws LarderException {
    Reference reference = exchange.reference("ref");
    Optional<String> kind = exchange.query("kind");
    ArtifactKind known = kind.isPresent() ? Params.kind(kind.get()) : Params.likelyKind(reference);
    Optional<String> before = exchange.query("predecessor");
    Optional<Reference> predecessor =
        before.isPresent() ? Optional.of(Params.reference(before.get())) : Optional.empty();
    boolean strict = Params.flag(exchange.query("strict").orElse("false"));
    return new PutRequest(reference, known, exchange.query("tier"), predecessor, strict);
  }

  private void batch(Exchange exchange) throws IOException {
    String type = exchange.request().getContentType();
    if (type == null || !type.startsWith(BatchReader.TYPE)) {
      throw LarderException.invalid("the body must be of type " + BatchReader.TYPE);
    }
    ArtifactStore store = services.store();
    List<PutResult> results = store.putAll(new BatchReader(exchange.body()));
    exchange.bodyDone();
    exchange.sendAll(201, results.stream().map(PutView::of));
  }

  private void get(Exchange exchange) throws IOException {
    if (exchange.query("ref").isPresent()) {
      exchange.send(200, Details.of(services.store().show(exchange.reference("ref"))));
    } else {
      exchange.sendAll(200, services.store().list().stream().map(Row::of));
    }
  }

  private void delete(Exchange exchange) throws IOException {
    Reference reference = exchange.reference("ref");
    services.store().delete(reference);
    exchange.send(200, new Deleted(reference.toString(), true));
  }

  private void tag(Exchange exchange) throws IOException {
    JsonBody body = exchange.json();
    Reference reference = body.reference("reference");
    exchange.send(200, Row.of(services.store().tag(reference, body.reference("alias"))));
  }

  private void rollback(Exchange exchange) throws IOException {
    Reference reference = exchange.json().reference("reference");
    exchange.send(200, Row.of(services.store().rollback(reference)));
  }

  private void migrate(Exchange exchange) throws IOException {
    JsonBody body = exchange.json();
    Reference reference = body.reference("reference");
    exchange.send(200, Details.of(services.tierManager().migrate(reference, body.need("tier"))));
  }
}
