package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.larder.itest.gateway.Api;
import dev.larder.itest.gateway.Content;
import dev.larder.itest.gateway.Gateway;
import dev.larder.itest.gateway.LoopDisk;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The whole home, packs, catalog, configuration and log, on a small ext4 file system that runs
 * full: by what is put, and then to the last byte by someone else.
 */
class FullDiskIT {

  private static final int DISK_MEBIBYTES = 96;
  private static final int MOST_BYTES = 3 << 20;
  private static final int MOST_PUTS = 400;

  private final Map<String, String> given = new TreeMap<>();
  private LoopDisk disk;
  private Gateway gateway;
  private SplittableRandom random;
  private int number;

  @Test
  void aFullDiskLosesNothingAndGetsRoomAgain() throws Exception {
    Campaign campaign =
        Campaign.of(FullDiskIT.class, "aFullDiskLosesNothingAndGetsRoomAgain", 1, 20);
    long began = System.nanoTime();
    for (int i = 0; i < campaign.count(); i++) {
      random = campaign.random(i);
      given.clear();
      try (LoopDisk small = LoopDisk.of(campaign.folder(), DISK_MEBIBYTES)) {
        disk = small;
        gateway = new Gateway(small.folder).start();
        try {
          life(campaign.replay(i));
        } finally {
          gateway.close();
        }
      }
    }
    campaign.report(campaign.count() + " disks filled", began);
  }

  private void life(String replay) throws IOException {
    putUntilFull();
    everythingIsThere(replay);
    assertThat(deleteHalf()).as("deletions refused; %s", replay).isZero();
    collect();
    assertThat(put()).as("a put after the collection; %s", replay).isBetween(200, 201);
    putUntilFull();

    disk.fill(); // by someone else, to the last byte
    assertThat(put()).as("a put on a full disk; %s", replay).isEqualTo(507);
    everythingIsThere(replay);
    String policy = choosePolicy();
    deleteHalf(); // the reserve may have been taken by the other one: done, or refused and undone
    everythingIsThere(replay);
    gateway.kill();
    disk.makeRoom();
    gateway.start();
    everythingIsThere(replay);
    assertThat(activePolicy()).as("policy; %s", replay).isEqualTo(policy);
    assertThat(deleteHalf()).as("deletions refused; %s", replay).isZero();
    collect();
    assertThat(put()).as("a put with room again; %s", replay).isBetween(200, 201);
    everythingIsThere(replay);
  }

  private void putUntilFull() throws IOException {
    int status = 0;
    for (int i = 0; i < MOST_PUTS && status != 507; i++) {
      status = put();
      assertThat(status).isIn(200, 201, 507);
    }
    assertThat(status).as("the disk is full at last").isEqualTo(507);
  }

  /** Refused for want of room, or stored. */
  private int put() throws IOException {
    String reference = "m" + number++ + ":latest";
    byte[] content = Content.random(random.nextLong(), 1 + random.nextInt(MOST_BYTES));
    HttpResponse<String> response =
        gateway
            .api()
            .send(
                "PUT",
                "/v1/artifacts?ref=" + Api.encode(reference),
                BodyPublishers.ofByteArray(content));
    if (response.statusCode() / 100 == 2) {
      given.put(reference, Content.sha256(content));
    } else {
      assertThat(response.body()).containsAnyOf("TIER_FULL", "NO_SUITABLE_TIER");
    }
    return response.statusCode();
  }

  /** Returns how many deletions were refused for want of room. */
  private int deleteHalf() throws IOException {
    int refused = 0;
    List<String> references = new ArrayList<>(given.keySet());
    for (int i = 0; i < references.size(); i += 2) {
      HttpResponse<String> response =
          gateway
              .api()
              .send(
                  "DELETE",
                  "/v1/artifacts?ref=" + Api.encode(references.get(i)),
                  BodyPublishers.noBody());
      if (response.statusCode() / 100 == 2) {
        given.remove(references.get(i));
      } else {
        assertThat(response.body()).contains("TIER_FULL");
        refused++;
      }
    }
    return refused;
  }

  private void collect() {
    JsonElement report = gateway.api().call("POST", "/v1/maintenance/gc", "");
    assertThat(report.getAsJsonObject().get("reclaimedBytes").getAsLong()).isPositive();
  }

  /** On a full disk a choice is refused, or it lasts. */
  private String choosePolicy() throws IOException {
    String before = activePolicy();
    String other = before.equals("lru") ? "lfu" : "lru";
    HttpResponse<String> response =
        gateway
            .api()
            .send(
                "PUT",
                "/v1/policies/cache",
                BodyPublishers.ofString("{\"name\":\"" + other + "\"}"));
    if (response.statusCode() / 100 == 2) {
      return other;
    }
    assertThat(response.body()).contains("code").doesNotContain("INTERNAL");
    return before;
  }

  private String activePolicy() throws IOException {
    for (JsonElement policy : gateway.api().get("/v1/policies/cache").getAsJsonArray()) {
      if (policy.getAsJsonObject().get("active").getAsBoolean()) {
        return policy.getAsJsonObject().get("name").getAsString();
      }
    }
    throw new AssertionError("no active policy");
  }

  private void everythingIsThere(String replay) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    for (String reference : given.keySet()) {
      seen.put(reference, Judge.read(gateway.api(), reference));
    }
    assertThat(seen).as("what is served; %s", replay).isEqualTo(given);
    Map<String, String> listed = new TreeMap<>();
    for (JsonElement row : gateway.api().get("/v1/artifacts").getAsJsonArray()) {
      listed.put(
          row.getAsJsonObject().get("reference").getAsString(),
          row.getAsJsonObject().get("digest").getAsString());
    }
    assertThat(listed).as("the list; %s", replay).isEqualTo(given);
  }
}
