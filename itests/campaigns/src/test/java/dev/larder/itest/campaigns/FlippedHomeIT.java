package dev.larder.itest.campaigns;

import static dev.larder.itest.campaigns.Operation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.itest.gateway.Api;
import dev.larder.itest.gateway.Content;
import dev.larder.itest.gateway.Gateway;
import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * One bit of the home of a real gateway is flipped between two of its lives: it starts, and serves
 * right answers or errors that name the artifact.
 */
class FlippedHomeIT {

  private static final int ARTIFACTS = 25;
  private static final int MOST_BYTES = 300_000;

  private final Map<String, String> given = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();
  private int whole;
  private int named;
  private Path kept;

  @Test
  void aGatewayStartsAndServesNoWrongByte() throws Exception {
    Campaign campaign =
        Campaign.of(FlippedHomeIT.class, "aGatewayStartsAndServesNoWrongByte", 5, 40);
    long began = System.nanoTime();
    Path folder = campaign.folder();
    kept = folder.resolve("kept");
    Gateway gateway = new Gateway(folder.resolve("gateway"));
    try {
      fill(gateway, new SplittableRandom(campaign.seed() / 50));
      for (int i = 0; i < campaign.count(); i++) {
        one(campaign, i, gateway);
      }
    } finally {
      gateway.close();
    }
    campaign.report(
        campaign.count()
            + " flips and starts: "
            + whole
            + " references served whole, "
            + named
            + " refused naming artifact and volume, "
            + violations.size()
            + " violations",
        began);
    assertThat(violations).isEmpty();
    Trees.delete(folder);
  }

  private void fill(Gateway gateway, SplittableRandom random) throws IOException {
    gateway.start();
    Api api = gateway.api();
    for (int i = 0; i < ARTIFACTS; i++) {
      String reference = "m" + random.nextInt(ARTIFACTS * 2 / 3) + ":latest";
      byte[] content = Contents.pick(random, MOST_BYTES);
      assertThat(api.put(reference, content)).isBetween(200, 201);
      given.put(reference, Content.sha256(content));
    }
    gateway.stop();
    Vault.copy(gateway.home, kept);
  }

  private void one(Campaign campaign, int number, Gateway gateway) throws IOException {
    SplittableRandom random = campaign.random(number);
    Trees.delete(gateway.home);
    Vault.copy(kept, gateway.home);
    Flip flip =
        Flip.choose(
            gateway.home, Flip.Where.values()[random.nextInt(Flip.Where.values().length)], random);
    flip.apply(gateway.home);
    List<String> found = new ArrayList<>();
    gateway.start();
    look(gateway.api(), found);
    gateway.stop();
    if (!found.isEmpty()) {
      violations.add(flip + ": " + found + "; " + campaign.replay(number));
    }
  }

  private void look(Api api, List<String> found) throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (JsonElement row : api.get("/v1/artifacts").getAsJsonArray()) {
      JsonObject object = row.getAsJsonObject();
      listed.put(object.get("reference").getAsString(), object.get("digest").getAsString());
    }
    if (!listed.equals(given)) {
      found.add("listed " + listed + " instead of " + given);
    }
    for (Map.Entry<String, String> entry : given.entrySet()) {
      String seen = Judge.read(api, entry.getKey());
      if (seen.equals(entry.getValue())) {
        whole++;
      } else if (!seen.equals(NONE)
          && seen.contains("CORRUPT")
          && seen.contains(entry.getValue())) {
        named++;
      } else {
        found.add(entry.getKey() + " is " + seen + " instead of " + entry.getValue());
      }
    }
  }
}
