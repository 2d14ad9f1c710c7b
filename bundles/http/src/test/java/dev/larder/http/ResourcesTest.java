package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.api.HealthFinding;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourcesTest {

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.gateway.pattern("m", 1_000);
    server.gateway.pattern("a/b:v1", 2_000);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private JsonObject object(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private JsonArray array(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    return JsonParser.parseString(response.body()).getAsJsonArray();
  }

  private void problem(HttpResponse<String> response, int status, String code) {
    JsonObject problem = object(response, status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(problem.get("code").getAsString()).isEqualTo(code);
    assertThat(problem.get("status").getAsInt()).isEqualTo(status);
    assertThat(problem.keySet()).contains("type", "title", "detail", "advice");
    assertThat(response.body()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void listsAndShowsArtifacts() throws Exception {
    JsonArray list = array(server.get("/v1/artifacts"), 200);
    assertThat(list).hasSize(2);
    assertThat(list.get(0).getAsJsonObject().get("reference").getAsString()).isEqualTo("a/b:v1");
    assertThat(list.get(0).getAsJsonObject().keySet())
        .contains("digest", "size", "kind", "tiers", "since");
    JsonObject details = object(server.get("/v1/artifacts?ref=a%2Fb:v1"), 200);
    assertThat(details.keySet())
        .contains(
            "digest", "size", "kind", "temperature", "replicas", "history", "reclaimableBytes");
    assertThat(details.get("replicas").toString())
        .isEqualTo("[{\"tier\":\"local\",\"role\":\"STORAGE\",\"storedBytes\":77}]");
    problem(server.get("/v1/artifacts?ref=unknown"), 404, "NOT_FOUND");
    problem(server.get("/v1/artifacts?ref=..%2Fetc"), 400, "INVALID_ARGUMENT");
    problem(server.get("/v1/artifacts?ref="), 400, "INVALID_ARGUMENT");
    problem(server.get("/v1/artifacts?ref=a&ref=b"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void deletesTagsRollsBackAndMigrates() throws Exception {
    assertThat(
            object(server.call("DELETE", "/v1/artifacts?ref=m", ""), 200)
                .get("deleted")
                .getAsBoolean())
        .isTrue();
    problem(server.call("DELETE", "/v1/artifacts?ref=m", ""), 404, "NOT_FOUND");
    problem(server.call("DELETE", "/v1/artifacts", ""), 400, "INVALID_ARGUMENT");
    JsonObject tag =
        object(server.call("POST", "/v1/tags", "{\"reference\":\"a/b:v1\",\"alias\":\"c\"}"), 200);
    assertThat(tag.get("reference").getAsString()).isEqualTo("c:latest");
    object(server.call("POST", "/v1/rollbacks", "{\"reference\":\"c\"}"), 200);
    object(server.call("POST", "/v1/migrations", "{\"reference\":\"c\",\"tier\":\"t\"}"), 200);
    problem(
        server.call("POST", "/v1/migrations", "{\"reference\":\"c\"}"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void theDoctorsAdvice() throws Exception {
    JsonObject finding = array(server.get("/v1/doctor"), 200).get(0).getAsJsonObject();
    assertThat(finding.keySet())
        .containsExactlyInAnyOrder("severity", "subject", "finding", "reason", "advice", "example");
    assertThat(finding.get("severity").getAsString()).isEqualTo("WARNING");
  }

  @Test
  void figuresForPrometheus() throws Exception {
    HttpResponse<String> metrics = server.get("/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    List<String> lines = metrics.body().lines().toList();
    assertThat(lines)
        .contains(
            "# TYPE larder_swap_seconds histogram",
            "larder_swap_seconds_bucket{level=\"ram\",le=\"0.001\"} 1",
            "larder_swap_seconds_bucket{level=\"ram\",le=\"0.0025\"} 2",
            "larder_swap_seconds_bucket{level=\"ram\",le=\"+Inf\"} 3",
            "larder_swap_seconds_count{level=\"ram\"} 3",
            "larder_swap_seconds_sum{level=\"ram\"} 0.0055015",
            "larder_ram_hits_total 3.0",
            "larder_policy_active{policy=\"lru\",service=\"cache\"} 1.0",
            "# TYPE larder_forces_total counter");
    assertThat(lines).anyMatch(line -> line.startsWith("larder_tier_used_bytes{tier="));
    assertThat(lines).anyMatch(line -> line.startsWith("process_resident_memory_bytes "));
    assertThat(lines)
        .allMatch(line -> line.matches("# (HELP|TYPE) \\S+ .+|\\w+(\\{.+})? [-+.\\w]+"));
    long names = lines.stream().filter(line -> line.startsWith("# TYPE")).distinct().count();
    assertThat(lines.stream().filter(line -> line.startsWith("# TYPE"))).hasSize((int) names);
  }

  @Test
  void swaps() throws Exception {
    JsonObject swap =
        object(
            server.call(
                "POST",
                "/v1/swaps",
                "{\"reference\":\"m\",\"timeoutMillis\":1500,\"leaseSeconds\":0.5,\"pid\":7,\"pin\":true}"),
            200);
    assertThat(swap.keySet())
        .contains("path", "digest", "size", "millis", "level", "bytesRead", "bytesReused", "lease");
    assertThat(swap.get("millis").getAsString()).isEqualTo("0.346");
    assertThat(server.gateway.lastSwap.timeout()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(server.gateway.lastSwap.lease()).isEqualTo(Duration.ofMillis(500));
    assertThat(server.gateway.lastSwap.pin()).isTrue();
    assertThat(server.gateway.lastSwap.pid()).hasValue(7);
    HttpResponse<String> late =
        server.call("POST", "/v1/swaps", "{\"reference\":\"m\",\"timeoutMillis\":0}");
    problem(late, 504, "SWAP_TIMEOUT");
    assertThat(object(late, 504).get("loadedBytes").getAsLong()).isEqualTo(7);
    assertThat(object(late, 504).get("totalBytes").getAsLong()).isEqualTo(70);
  }

  @Test
  void refusesSwapsThatMakeNoSense() throws Exception {
    for (String body :
        List.of(
            "{\"reference\":\"m\",\"timeoutMillis\":-1}",
            "{\"reference\":\"m\",\"timeoutMillis\":1e30}",
            "{\"reference\":\"m\",\"timeoutMillis\":\"2\"}",
            "{\"reference\":\"m\",\"timeoutMillis\":1e-400000000}",
            "{\"reference\":\"m\",\"leaseSeconds\":99999999999}",
            "{\"reference\":\"m\",\"pid\":0}",
            "{\"reference\":7}",
            "{\"reference\":[\"m\"]}",
            "{\"reference\":",
            "[]",
            "",
            "[".repeat(20_000))) {
      problem(server.call("POST", "/v1/swaps", body), 400, "INVALID_ARGUMENT");
    }
    problem(server.call("POST", "/v1/swaps", " ".repeat(70_000)), 413, "INVALID_ARGUMENT");
  }

  @Test
  void aNumberWhoseExponentOverflowsIsRefusedAndDoesNotFailInside() throws Exception {
    String body = "{\"reference\":\"m\",\"leaseSeconds\":1e2147483647}";
    problem(server.call("POST", "/v1/swaps", body), 400, "INVALID_ARGUMENT");
  }

  @Test
  void leasesAndEvictions() throws Exception {
    JsonObject lease = array(server.get("/v1/leases"), 200).get(0).getAsJsonObject();
    assertThat(lease.get("remainingMillis").isJsonNull()).isTrue();
    assertThat(lease.get("pinned").getAsBoolean()).isTrue();
    assertThat(lease.get("pid").getAsLong()).isEqualTo(42);
    JsonObject renewed = object(server.call("PUT", "/v1/leases/L1", "{\"leaseSeconds\":60}"), 200);
    assertThat(renewed.get("remainingMillis").getAsString()).isEqualTo("60000.000");
    object(server.call("DELETE", "/v1/leases/L1", ""), 200);
    problem(server.call("DELETE", "/v1/leases/L2", ""), 404, "NOT_FOUND");
    assertThat(
            object(server.call("DELETE", "/v1/leases?ref=m", ""), 200).get("released").getAsInt())
        .isEqualTo(2);
    HttpResponse<String> leased = server.call("POST", "/v1/evictions", "{\"reference\":\"m\"}");
    problem(leased, 409, "LEASED");
    assertThat(object(leased, 409).get("leased").toString()).isEqualTo("[\"m:latest\"]");
    assertThat(
            object(server.call("POST", "/v1/evictions", "{\"all\":true}"), 200)
                .get("evicted")
                .getAsJsonArray())
        .hasSize(1);
    problem(server.call("POST", "/v1/evictions", "{}"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void tiersPoliciesMaintenanceAndBundles() throws Exception {
    JsonObject tier = array(server.get("/v1/tiers"), 200).get(0).getAsJsonObject();
    assertThat(tier.keySet())
        .contains(
            "name",
            "driver",
            "medium",
            "role",
            "state",
            "capacityBytes",
            "usedBytes",
            "artifacts",
            "readLatencyMicros",
            "bandwidthMBps",
            "bytesWritten",
            "measured",
            "writeMBps",
            "randomReadsPerSecond",
            "forceMicros",
            "queueDepth",
            "extentBytes",
            "findings");
    assertThat(tier.get("lifeUsed").getAsDouble()).isEqualTo(0.3);
    JsonObject added =
        object(
            server.call(
                "POST", "/v1/tiers", "{\"name\":\"card\",\"path\":\"/mnt\",\"role\":\"cache\"}"),
            201);
    assertThat(added.get("role").getAsString()).isEqualTo("CACHE");
    problem(server.call("POST", "/v1/tiers", "{\"name\":\"x\"}"), 400, "INVALID_ARGUMENT");
    object(server.call("DELETE", "/v1/tiers/local", ""), 200);
    problem(server.call("DELETE", "/v1/tiers/none", ""), 404, "NOT_FOUND");
    JsonObject forgotten = object(server.call("DELETE", "/v1/tiers/local?forget=true", ""), 200);
    assertThat(forgotten.getAsJsonArray("lost").get(0).getAsString()).isEqualTo("m:v1");
    assertThat(array(server.get("/v1/policies"), 200)).hasSize(3);
    assertThat(array(server.get("/v1/policies/cache"), 200)).hasSize(2);
    assertThat(
            object(server.call("PUT", "/v1/policies/cache", "{\"name\":\"lfu\"}"), 200)
                .get("active")
                .getAsBoolean())
        .isTrue();
    problem(server.call("PUT", "/v1/policies/cache", "{\"name\":\"class\"}"), 404, "NOT_FOUND");
    var trials =
        array(server.call("PUT", "/v1/policies/cache", "{\"name\":\"lfu\",\"dryRun\":true}"), 200);
    assertThat(trials).hasSize(2);
    assertThat(trials.get(0))
        .hasToString(
            "{\"policy\":\"lfu\",\"active\":false,\"accesses\":1000,"
                + "\"objectHitRatio\":0.75,\"byteHitRatio\":0.5}");
    problem(server.get("/v1/policies/nonsense"), 404, "NOT_FOUND");
    assertThat(
            object(server.call("POST", "/v1/maintenance/gc", ""), 200)
                .get("reclaimedBytes")
                .getAsInt())
        .isEqualTo(4);
    assertThat(
            object(server.call("POST", "/v1/maintenance/scrub?tier=x", ""), 200)
                .get("findings")
                .toString())
        .isEqualTo("[\"bad x\"]");
    assertThat(
            object(server.call("POST", "/v1/maintenance/rebuild-catalog", ""), 200)
                .get("artifacts")
                .getAsInt())
        .isEqualTo(12);
    assertThat(
            object(server.call("POST", "/v1/maintenance/wait-idle", ""), 200)
                .get("idle")
                .getAsBoolean())
        .isTrue();
    assertThat(array(server.get("/v1/bundles"), 200).toString())
        .isEqualTo(
            "[{\"symbolicName\":\"larder.api\",\"version\":\"0.1.0\",\"state\":\"ACTIVE\",\"signer\":null}]");
  }

  @Test
  void stats() throws Exception {
    JsonObject stats = object(server.get("/v1/stats"), 200);
    assertThat(stats.keySet())
        .contains(
            "mark",
            "artifacts",
            "logicalBytes",
            "storedBytes",
            "physicalBytes",
            "replicaBytes",
            "totalBlocks",
            "uniqueBlocks",
            "dedupSavedBytes",
            "compressionRatio",
            "totalRatio",
            "efficiency",
            "forces",
            "indexBytes",
            "cache",
            "swaps",
            "prefetch");
    assertThat(stats.get("compressionRatio").getAsDouble()).isEqualTo(1.5);
    assertThat(stats.getAsJsonObject("cache").get("byteHitRatio").getAsDouble()).isEqualTo(0.75);
    JsonObject swaps = stats.getAsJsonObject("swaps");
    assertThat(swaps.keySet()).containsExactly("RAM", "CACHE", "STORAGE");
    assertThat(swaps.getAsJsonObject("RAM").get("p50Millis").getAsString()).isEqualTo("0.002");
    problem(server.get("/v1/stats?since=x"), 404, "NOT_FOUND");
  }

  @Test
  void healthIsOpenAndTellsReadiness() throws Exception {
    HttpRequest.Builder open =
        HttpRequest.newBuilder(java.net.URI.create("http://localhost:" + server.port + "/health"));
    JsonObject health = object(server.send(open), 200);
    assertThat(health.keySet())
        .containsExactly("ready", "uptimeMillis", "version", "url", "pid", "health");
    assertThat(health.get("uptimeMillis").getAsString()).isEqualTo("1500.250");
    assertThat(health.get("url").getAsString()).isEqualTo("http://127.0.0.1:" + server.port);
    server.gateway.findings =
        List.of(new HealthFinding(HealthFinding.Severity.ERROR, "tier/x", "<gone>", "insert it"));
    assertThat(object(server.send(open), 503).get("ready").getAsBoolean()).isTrue();
    assertThat(server.get("/").body()).contains("&lt;gone&gt;").doesNotContain("<gone>");
    object(server.get("/v1/status"), 200);
    server.gateway.findings = List.of();
    server.gateway.ready = false;
    assertThat(object(server.send(open), 503).get("ready").getAsBoolean()).isFalse();
    server.gateway.up = false;
    object(server.send(open), 503);
  }

  @Test
  void aMissingServiceIsUnavailable() throws Exception {
    server.gateway.up = false;
    problem(server.get("/v1/artifacts"), 503, "UNAVAILABLE");
  }

  @Test
  void aDefectIsNotShown() throws Exception {
    server.gateway.defect = new IllegalStateException("secret inside");
    HttpResponse<String> response = server.call("PUT", "/v1/artifacts?ref=x", "abc");
    problem(response, 500, "INTERNAL");
    assertThat(response.body()).doesNotContain("secret");
  }

  @Test
  void unknownPathsAndMethods() throws Exception {
    problem(server.get("/v1/nothing"), 404, "NOT_FOUND");
    problem(server.get("/v1/artifacts/"), 404, "NOT_FOUND");
    HttpResponse<String> response = server.call("POST", "/v1/artifacts", "");
    problem(response, 405, "INVALID_ARGUMENT");
    assertThat(response.headers().firstValue("Allow").orElse("")).isEqualTo("PUT, GET, DELETE");
  }

  @Test
  void importsTellWhatWasDone() throws Exception {
    JsonObject done = object(server.call("POST", "/v1/imports", "{\"tier\":\"local\"}"), 200);
    assertThat(done.keySet())
        .contains("tier", "volume", "gateway", "artifacts", "bytes", "blocks", "references")
        .contains("renamed", "unchanged", "elsewhere", "millis");
    JsonObject renamed = done.getAsJsonArray("renamed").get(0).getAsJsonObject();
    assertThat(renamed.get("to").getAsString()).isEqualTo("b:latest.from-00000003");
    assertThat(done.get("millis").getAsBigDecimal()).isEqualByComparingTo("1.235");
    problem(server.call("POST", "/v1/imports", "{\"tier\":\"none\"}"), 404, "NOT_FOUND");
    problem(server.call("POST", "/v1/imports", "{}"), 400, "INVALID_ARGUMENT");
  }
}
