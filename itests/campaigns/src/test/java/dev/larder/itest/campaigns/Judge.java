package dev.larder.itest.campaigns;

import static dev.larder.itest.campaigns.Operation.NONE;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.itest.gateway.Api;
import dev.larder.itest.gateway.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares a gateway that has come back with what the oracle allows. */
final class Judge {

  /** What an operation of several references at once is called. */
  static final String BATCH = "batch";

  private final Api api;
  private final AckLog log;
  private final List<String> violations = new ArrayList<>();

  Judge(Api api, AckLog log) {
    this.api = api;
    this.log = log;
  }

  /**
   * Reads everything that was ever named and looks at the list. What was in doubt is settled by it.
   *
   * @param doubtful operations that were under way when the gateway ended
   * @return what each reference is that is there
   */
  Map<String, String> check(Collection<Operation> doubtful) {
    Oracle oracle = log.oracle();
    Map<String, String> listed = list();
    Map<String, String> truth = new TreeMap<>();
    List<String> references = new ArrayList<>(oracle.references());
    listed.keySet().stream().filter(r -> !references.contains(r)).forEach(references::add);
    for (String reference : references) {
      String digest = contentOf(reference);
      if (!oracle.allows(reference, digest)) {
        violations.add(reference + " is " + digest + " and may be " + oracle.possible(reference));
      }
      if (!digest.equals(listed.getOrDefault(reference, NONE))) {
        violations.add(reference + " is " + digest + " but is listed as " + listed.get(reference));
      }
      if (!digest.equals(NONE)) {
        truth.put(reference, digest);
      }
    }
    doubtful.forEach(operation -> wholeOrNot(operation, truth));
    settle(oracle, truth);
    return truth;
  }

  /** References that are not there are asked for too, but an answer without content is enough. */
  private String contentOf(String reference) {
    try {
      return read(api, reference);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is served under a reference: the digest of the bytes; {@link Operation#NONE} if Larder
   * says that it is not there; else the failure. A 404 that is no problem document with the code
   * {@code NOT_FOUND} comes from the servlet container, which outlives Larder's servlet for a
   * moment when a gateway stops.
   */
  static String read(Api api, String reference) throws IOException {
    HttpResponse<InputStream> response =
        api.send(
            "GET",
            "/v1/content?ref=" + Api.encode(reference),
            BodyPublishers.noBody(),
            BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 200) {
        return Content.sha256(body);
      }
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      boolean missing = response.statusCode() == 404 && text.contains("\"NOT_FOUND\"");
      return missing ? NONE : response.statusCode() + " " + text;
    }
  }

  private Map<String, String> list() {
    Map<String, String> listed = new TreeMap<>();
    for (JsonElement row : api.get("/v1/artifacts").getAsJsonArray()) {
      JsonObject object = row.getAsJsonObject();
      listed.put(object.get("reference").getAsString(), object.get("digest").getAsString());
    }
    return listed;
  }

  /** A batch is all there or not at all. */
  private void wholeOrNot(Operation operation, Map<String, String> truth) {
    long done =
        operation.targets().entrySet().stream()
            .filter(target -> target.getValue().equals(truth.getOrDefault(target.getKey(), NONE)))
            .count();
    boolean before =
        operation.targets().entrySet().stream()
            .anyMatch(target -> log.oracle().possible(target.getKey()).size() == 1);
    if (done != 0 && done != operation.targets().size() && !before) {
      violations.add("in part: " + operation.line());
    }
  }

  private void settle(Oracle oracle, Map<String, String> truth) {
    for (String reference : oracle.doubtful()) {
      String digest = truth.getOrDefault(reference, NONE);
      if (oracle.allows(reference, digest)) {
        log.observed(reference, digest);
      }
    }
  }

  /** Health tells of no error, and no block is bad. */
  void checkHealth() {
    for (JsonElement finding : api.get("/v1/status").getAsJsonObject().getAsJsonArray("health")) {
      if ("ERROR".equals(finding.getAsJsonObject().get("severity").getAsString())) {
        violations.add("health: " + finding);
      }
    }
  }

  /** A scrub finds nothing. */
  void checkBlocks() {
    JsonObject report = api.call("POST", "/v1/maintenance/scrub", "").getAsJsonObject();
    if (report.get("bad").getAsLong() != 0) {
      violations.add("scrub: " + report);
    }
  }

  /** All that must not be; empty if all is well. */
  List<String> violations() {
    return violations;
  }
}
