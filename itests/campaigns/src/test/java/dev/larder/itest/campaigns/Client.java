package dev.larder.itest.campaigns;

import static dev.larder.itest.campaigns.Operation.NONE;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.itest.gateway.Api;
import dev.larder.itest.gateway.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One client of a gateway: does one operation after the other on references of its own and writes
 * them into the acknowledgement log, until the connection breaks. One thread.
 */
final class Client implements Runnable {

  private static final int MOST_REFERENCES = 60;
  private static final int NAMES = 40;

  private final String name;
  private final Api api;
  private final AckLog log;
  private final Trouble trouble;
  private final Tuning tuning;
  private final SplittableRandom random;
  private final TreeMap<String, String> mine;

  /**
   * How hard the clients work.
   *
   * @param mostBytes largest content
   * @param tiers storage tiers between which artifacts are moved
   */
  record Tuning(int mostBytes, List<String> tiers) {}

  /** A client that knows what its references are. */
  Client(
      String name,
      Api api,
      AckLog log,
      Trouble trouble,
      Tuning tuning,
      SplittableRandom random,
      Map<String, String> known) {
    this.name = name;
    this.api = api;
    this.log = log;
    this.trouble = trouble;
    this.tuning = tuning;
    this.random = random;
    this.mine = new TreeMap<>(known);
  }

  @Override
  public void run() {
    try {
      while (!trouble.over()) {
        step();
      }
    } catch (IOException e) {
      trouble.broken(name, e);
    } catch (RuntimeException | AssertionError e) {
      trouble.add(name + " failed: " + e);
    }
  }

  private void step() throws IOException {
    int dice = random.nextInt(100);
    if (mine.isEmpty() || dice < 24) {
      put(name + "/n" + random.nextInt(NAMES) + ":latest");
    } else if (dice < 40) {
      put(any());
    } else if (dice < 50) {
      put(untagged(any()) + ":v" + random.nextInt(4));
    } else if (dice < 58) {
      tag(any(), name + "/t" + random.nextInt(NAMES) + ":latest");
    } else if (dice < 70 || mine.size() > MOST_REFERENCES) {
      delete(any());
    } else if (dice < 76) {
      batch();
    } else if (dice < 85) {
      swap(any());
    } else if (dice < 90) {
      read(any());
    } else {
      upkeep();
    }
  }

  private String any() {
    List<String> all = new ArrayList<>(mine.keySet());
    return all.get(random.nextInt(all.size()));
  }

  private static String untagged(String reference) {
    return reference.substring(0, reference.indexOf(':'));
  }

  private void put(String reference) throws IOException {
    byte[] content = Contents.pick(random, tuning.mostBytes());
    String tier = tuning.tiers().get(random.nextInt(tuning.tiers().size()));
    change(
        "put",
        Map.of(reference, Content.sha256(content)),
        "PUT",
        "/v1/artifacts?ref=" + Api.encode(reference) + "&tier=" + tier,
        BodyPublishers.ofByteArray(content));
  }

  private void tag(String reference, String alias) throws IOException {
    change(
        "tag " + reference,
        Map.of(alias, mine.get(reference)),
        "POST",
        "/v1/tags",
        document("reference", reference, "alias", alias));
  }

  private void delete(String reference) throws IOException {
    change(
        "rm",
        Map.of(reference, NONE),
        "DELETE",
        "/v1/artifacts?ref=" + Api.encode(reference),
        BodyPublishers.noBody());
  }

  /** Some at once: all or none. */
  private void batch() throws IOException {
    Map<String, String> targets = new LinkedHashMap<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String reference = name + "/b" + i + "/" + random.nextInt(6) + ":latest";
      byte[] content = Contents.pick(random, tuning.mostBytes() / 4);
      targets.put(reference, Content.sha256(content));
      line(body, "{\"reference\":\"" + reference + "\",\"size\":" + content.length + "}");
      body.write(content);
    }
    line(body, "{\"end\":" + targets.size() + "}");
    change(
        Judge.BATCH,
        targets,
        "POST",
        "/v1/batches",
        BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private static void line(ByteArrayOutputStream body, String text) throws IOException {
    body.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Something that changes references: intent, request, and how it ended. */
  private void change(
      String what, Map<String, String> targets, String method, String path, BodyPublisher body)
      throws IOException {
    Operation operation = log.begin(what, targets);
    HttpResponse<String> response = api.send(method, path, body, what.equals(Judge.BATCH));
    if (response.statusCode() / 100 == 2) {
      log.acknowledged(operation);
      targets.forEach(this::remember);
    } else if (trouble.refusal(operation.line(), response)) {
      log.refused(operation);
    } else {
      throw new IOException("in doubt: " + operation.line() + ": " + response.body());
    }
  }

  private void remember(String reference, String digest) {
    if (digest.equals(NONE)) {
      mine.remove(reference);
    } else {
      mine.put(reference, digest);
    }
  }

  /** What is handed out to be mapped is the artifact, whole. */
  private void swap(String reference) throws IOException {
    HttpResponse<String> response =
        api.send(
            "POST",
            "/v1/swaps",
            BodyPublishers.ofString(
                "{\"reference\":\""
                    + reference
                    + "\",\"timeoutMillis\":20000,\"leaseSeconds\":20}"));
    if (response.statusCode() != 200) {
      trouble.refusal("swap " + reference, response);
      return;
    }
    JsonObject answer = JsonParser.parseString(response.body()).getAsJsonObject();
    String digest = answer.get("digest").getAsString();
    trouble.expect(mine.get(reference), digest, "swap of " + reference);
    String file = Content.sha256(Path.of(answer.get("path").getAsString()));
    trouble.expect(digest, file, "file of the swap of " + reference);
    api.send("DELETE", "/v1/leases/" + answer.get("lease").getAsString(), BodyPublishers.noBody());
  }

  private void read(String reference) throws IOException {
    trouble.served(mine.get(reference), Judge.read(api, reference), reference);
  }

  private void upkeep() throws IOException {
    switch (random.nextInt(8)) {
      case 0, 1 -> plain("POST", "/v1/maintenance/gc", "");
      case 2 -> plain("POST", "/v1/maintenance/scrub", "");
      case 3 -> plain("POST", "/v1/evictions", "{\"reference\":\"" + any() + "\"}");
      case 4 ->
          plain(
              "PUT",
              "/v1/policies/cache",
              "{\"name\":\"" + (random.nextBoolean() ? "lru" : "lfu") + "\"}");
      default -> migrate();
    }
  }

  private void migrate() throws IOException {
    String tier = tuning.tiers().get(random.nextInt(tuning.tiers().size()));
    plain("POST", "/v1/migrations", "{\"reference\":\"" + any() + "\",\"tier\":\"" + tier + "\"}");
  }

  private void plain(String method, String path, String body) throws IOException {
    HttpResponse<String> response = api.send(method, path, BodyPublishers.ofString(body));
    if (response.statusCode() / 100 != 2) {
      trouble.refusal(method + " " + path + " " + body, response);
    } else if (path.endsWith("scrub")) {
      long bad = JsonParser.parseString(response.body()).getAsJsonObject().get("bad").getAsLong();
      trouble.expect("0", Long.toString(bad), "bad blocks found by a scrub");
    }
  }

  private static BodyPublisher document(String key, String value, String other, String second) {
    JsonObject object = new JsonObject();
    object.addProperty(key, value);
    object.addProperty(other, second);
    return BodyPublishers.ofString(object.toString());
  }
}
