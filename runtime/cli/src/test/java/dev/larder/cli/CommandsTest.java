package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final String DIGEST = "ab".repeat(32);

  @TempDir Path folder;
  private FakeGateway gateway;

  @BeforeEach
  void start() {
    gateway = new FakeGateway(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Run run(String... arguments) {
    return Run.of(folder, gateway.home, arguments);
  }

  @Test
  void listsReferencesInAlignedColumns() {
    gateway.answer(
        "GET /v1/artifacts",
        200,
        """
        [{"reference":"a:latest","digest":"%s","size":536870912,"kind":"MODEL","tiers":["local"],
          "since":"2026-01-02T03:04:05.678Z"},
         {"reference":"can/long-name:v1","digest":"%s","size":17,"kind":"PROTOCOL_DATA","tiers":[],
          "since":"2026-01-02T03:04:05Z"}]
        """
            .formatted(DIGEST, DIGEST));

    Run run = run("ls");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            REFERENCE         KIND           SIZE  TIERS     DIGEST        SINCE
            a:latest          model     512.0 MiB  local     abababababab  2026-01-02 03:04:05Z
            can/long-name:v1  protocol       17 B  (absent)  abababababab  2026-01-02 03:04:05Z
            """);
    assertThat(gateway.last().authorization()).isEqualTo("Bearer " + FakeGateway.TOKEN);
  }

  @Test
  void printsTheGatewaysDocumentAsItCameWithJson() {
    gateway.answer("GET /v1/artifacts", 200, "[{\"reference\":\"a:latest\",\"new\":0.001}]");

    Run run = run("--json", "ls");

    assertThat(run.out()).isEqualTo("[{\"reference\":\"a:latest\",\"new\":0.001}]\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void swapPrintsThePathToMap() {
    gateway.answer(
        "POST /v1/swaps",
        200,
        "{\"path\":\"/dev/shm/x/blobs/ab\",\"millis\":0.412,\"level\":\"RAM\",\"lease\":\"L1\"}");

    Run run = run("swap", "a", "--timeout", "1500ms", "--lease", "90s", "--pid", "42", "--pin");

    assertThat(run.out()).isEqualTo("/dev/shm/x/blobs/ab\n");
    assertThat(gateway.last().text())
        .isEqualTo(
            "{\"reference\":\"a:latest\",\"timeoutMillis\":1500,\"leaseSeconds\":90.000,"
                + "\"pid\":42,\"pin\":true}");
  }

  @Test
  void swapLeavesDefaultsToTheGateway() {
    gateway.answer("POST /v1/swaps", 200, "{\"path\":\"/x\"}");

    run("swap", "a:v1");

    assertThat(gateway.last().text()).isEqualTo("{\"reference\":\"a:v1\"}");
  }

  @Test
  void aTimeoutCarriesItsProgressInTheErrorDocument() {
    gateway.answer(
        "POST /v1/swaps",
        504,
        "{\"status\":504,\"code\":\"SWAP_TIMEOUT\",\"detail\":\"too slow\",\"advice\":\"wait\","
            + "\"loadedBytes\":10,\"totalBytes\":20}");

    Run run = run("swap", "a", "--json");

    assertThat(run.status()).isEqualTo(1);
    JsonObject error = run.json().getAsJsonObject();
    assertThat(error.get("code").getAsString()).isEqualTo("SWAP_TIMEOUT");
    assertThat(error.get("message").getAsString()).isEqualTo("too slow");
    assertThat(error.get("loadedBytes").getAsLong()).isEqualTo(10);
    assertThat(error.has("detail")).isFalse();
    assertThat(run.err()).isEqualTo("larder: too slow; wait\n");
  }

  @Test
  void releasesByLeaseWhereThereIsOneAndElseByReference() {
    gateway
        .answer("GET /v1/leases", 200, "[{\"id\":\"L1\",\"reference\":\"a:latest\"}]")
        .answer("DELETE /v1/leases/L1", 200, "{\"released\":1}")
        .answer("DELETE /v1/leases?ref=a%3Alatest", 200, "{\"released\":2}")
        .answer("DELETE /v1/leases?ref=b%3Alatest", 200, "{\"released\":0}");

    assertThat(run("release", "L1").out()).isEqualTo("released 1 lease\n");
    assertThat(run("release", "a").out()).isEqualTo("released 2 leases\n");
    Run none = run("release", "b");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).isEqualTo("larder: there is no lease on b; see 'larder leases'\n");
  }

  @Test
  void evictNamesWhatIsLeasedAndFails() {
    gateway.answer(
        "POST /v1/evictions", 200, "{\"evicted\":[\"" + DIGEST + "\"],\"leased\":[\"a:latest\"]}");

    Run run = run("evict", "--all", "--json");

    assertThat(gateway.last().text()).isEqualTo("{\"all\":true}");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.json().getAsJsonObject().get("code").getAsString()).isEqualTo("LEASED");
    assertThat(run.json().getAsJsonObject().get("evicted").getAsJsonArray()).hasSize(1);
    assertThat(run.err()).contains("leased and kept: a:latest");
  }

  @Test
  void evictNeedsEitherAReferenceOrAll() {
    assertThat(run("evict").status()).isEqualTo(2);
    assertThat(run("evict", "a", "--all").status()).isEqualTo(2);
    assertThat(gateway.seen).isEmpty();
  }

  @Test
  void addsATierByItsAbsolutePath() {
    gateway.answer("POST /v1/tiers", 201, "{\"name\":\"card\",\"state\":\"READY\"}");

    Run run =
        run(
            "tier",
            "add",
            "card",
            "--path",
            "x/../media",
            "--driver",
            "sd",
            "--role",
            "CACHE",
            "--capacity",
            "20g",
            "--option",
            "k=v");

    assertThat(run.status()).isZero();
    assertThat(gateway.last().text())
        .isEqualTo(
            "{\"name\":\"card\",\"path\":\""
                + folder.resolve("media")
                + "\",\"driver\":\"sd\",\"role\":\"cache\",\"capacityBytes\":21474836480,"
                + "\"options\":{\"k\":\"v\"}}");
  }

  @Test
  void findsTheServiceThatAPolicyBelongsTo() {
    gateway
        .answer(
            "GET /v1/policies",
            200,
            "[{\"service\":\"CACHE\",\"name\":\"lfu\"},{\"service\":\"PLACEMENT\",\"name\":\"class\"}]")
        .answer("PUT /v1/policies/placement", 200, "{\"name\":\"class\",\"active\":true}");

    assertThat(run("policy", "use", "class").out())
        .isEqualTo("placement: class decides from now on\n");
    assertThat(run("policy", "use", "best").err())
        .isEqualTo("larder: there is no policy 'best'; use one of: lfu, class\n");
  }

  @Test
  void aDryRunComparesAndAsksForNoChange() {
    gateway
        .answer("GET /v1/policies", 200, "[{\"service\":\"CACHE\",\"name\":\"lfu\"}]")
        .answer(
            "PUT /v1/policies/cache",
            200,
            "[{\"policy\":\"lfu\",\"active\":false,\"accesses\":1234,"
                + "\"objectHitRatio\":0.5,\"byteHitRatio\":0.25},"
                + "{\"policy\":\"lru\",\"active\":true,\"accesses\":1234,"
                + "\"objectHitRatio\":0.4567,\"byteHitRatio\":0}]");

    assertThat(run("policy", "use", "lfu", "--dry-run").out())
        .isEqualTo(
            "POLICY          ACCESSES  OBJECT HITS  BYTE HITS\n"
                + "lfu                 1234       50.0 %     25.0 %\n"
                + "lru     active      1234       45.7 %      0.0 %\n");
    assertThat(gateway.last().text()).isEqualTo("{\"name\":\"lfu\",\"dryRun\":true}");
  }

  @Test
  void scrubFailsWhenABadBlockStays() {
    gateway
        .answer(
            "POST /v1/maintenance/scrub?tier=local",
            200,
            "{\"blocks\":10,\"bytes\":100,\"bad\":2,\"repaired\":1,\"findings\":[\"a:latest block 3\"]}")
        .answer("POST /v1/maintenance/scrub", 200, "{\"blocks\":10,\"bad\":1,\"repaired\":1}");

    Run bad = run("scrub", "local");
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.err()).contains("a:latest block 3").contains("1 block is damaged");
    assertThat(run("scrub").status()).isZero();
  }

  @Test
  void healthFailsOnAnErrorAndNotOnAWarning() {
    String finding =
        "{\"ready\":true,\"health\":[{\"severity\":\"%s\",\"subject\":\"tier/card\","
            + "\"finding\":\"absent\",\"advice\":\"plug it in\"}]}";
    gateway.answer("GET /health", 200, finding.formatted("ERROR"));
    assertThat(run("health").status()).isEqualTo(1);
    gateway.answer("GET /health", 200, finding.formatted("WARNING"));
    Run warning = run("health");
    assertThat(warning.status()).isZero();
    assertThat(warning.out()).isEqualTo("warning  tier/card: absent; plug it in\n");
  }

  @Test
  void statusTellsAGatewayThatIsNotReady() {
    gateway.answer("GET /health", 503, "{\"ready\":false,\"health\":[]}");

    Run run = run("status", "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.json().getAsJsonObject().get("ready").getAsBoolean()).isFalse();
  }

  @Test
  void waitIdleFailsWhenTheTimeIsUp() {
    gateway.answer("POST /v1/maintenance/wait-idle?timeoutMillis=500", 200, "{\"idle\":false}");

    assertThat(run("wait", "idle", "--timeout", "500ms").status()).isEqualTo(1);
  }

  @Test
  void sendsReferencesOfAllOtherCommands() {
    gateway
        .answer("GET /v1/artifacts?ref=a%2Fb%3Av1", 200, "{\"reference\":\"a/b:v1\"}")
        .answer("DELETE /v1/artifacts?ref=a%2Fb%3Av1", 200, "{}")
        .answer("POST /v1/tags", 200, "{}")
        .answer("POST /v1/rollbacks", 200, "{}")
        .answer("POST /v1/migrations", 200, "{}")
        .answer("GET /v1/stats?since=m7", 200, "{}")
        .answer("GET /v1/bundles", 200, "[]")
        .answer("GET /v1/tiers", 200, "[]")
        .answer("DELETE /v1/tiers/card", 200, "{}")
        .answer("POST /v1/maintenance/gc", 200, "{}")
        .answer("POST /v1/maintenance/rebuild-catalog", 200, "{\"artifacts\":3}");

    assertThat(run("show", "a/b:v1").status()).isZero();
    assertThat(run("rm", "a/b:v1").status()).isZero();
    assertThat(run("tag", "a", "b:c").status()).isZero();
    assertThat(gateway.last().text()).isEqualTo("{\"reference\":\"a:latest\",\"alias\":\"b:c\"}");
    assertThat(run("rollback", "a").status()).isZero();
    assertThat(run("migrate", "a", "card").status()).isZero();
    assertThat(gateway.last().text()).isEqualTo("{\"reference\":\"a:latest\",\"tier\":\"card\"}");
    assertThat(run("stats", "--since", "m7").status()).isZero();
    assertThat(run("bundle", "ls").status()).isZero();
    assertThat(run("tier", "ls").status()).isZero();
    assertThat(run("tier", "rm", "card").status()).isZero();
    assertThat(run("gc").status()).isZero();
    assertThat(run("rebuild-catalog").out()).isEqualTo("catalog rebuilt, 3 artifacts\n");
  }

  @Test
  void statsTellWhatWasLoadedAhead() {
    gateway.answer("GET /v1/stats", 200, "{\"prefetch\":{\"usefulBytes\":0,\"wastedBytes\":0}}");
    assertThat(run("stats").out()).doesNotContain("ahead");
    gateway.answer(
        "GET /v1/stats",
        200,
        "{\"prefetch\":{\"usefulBytes\":3145728,\"wastedBytes\":1048576,\"precision\":0.75}}");
    assertThat(run("stats").out())
        .contains("loaded ahead 3.0 MiB used, 1.0 MiB evicted unused (precision 75.0 %)");
  }

  @Test
  void tellsWhatIsLostWithAForgottenTier() {
    gateway.answer(
        "DELETE /v1/tiers/card?forget=true",
        200,
        "{\"name\":\"card\",\"removed\":true,\"lost\":[\"a:v1\"]}");
    assertThat(run("tier", "rm", "card", "--forget").out())
        .isEqualTo("forgot tier card\n1 reference can no longer be read\n  a:v1\n");
  }

  @Test
  void tellsWhatAnImportDid() {
    gateway.answer(
        "POST /v1/imports",
        200,
        """
        {"tier":"card","gateway":"g-1","artifacts":2,"bytes":2048,"blocks":5,"references":["a:v1"],
         "renamed":[{"from":"b:v1","to":"b:v1.from-12345678"}],"unchanged":3,"elsewhere":["c:v1"]}
        """);
    Run run = run("import", "card");
    assertThat(gateway.last().text()).isEqualTo("{\"tier\":\"card\"}");
    assertThat(run.out())
        .isEqualTo(
            """
            imported tier card of gateway g-1: 2 artifacts (2.0 KiB) in 5 blocks checked
            2 references taken over, 1 under another name, 3 here already
              b:v1 is b:v1.from-12345678
              c:v1 is left out: it is on another volume
            """);
  }
}
