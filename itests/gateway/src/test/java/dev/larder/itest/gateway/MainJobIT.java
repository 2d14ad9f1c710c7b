package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is put is got, whatever happens to the gateway in between. */
class MainJobIT {
  private static final byte[] GARBAGE = Content.random(666, 40_000);

  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway = new Gateway().start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void samplesComeBackIdenticalByEveryWayInAndOut() throws IOException {
    Path model = Samples.FOLDER.resolve("models/vww_96_int8.tflite");
    String sha = Content.sha256(model);

    JsonObject put = gateway.json("put", model.toString()).object();
    assertThat(put.get("reference").getAsString()).isEqualTo("vww_96_int8.tflite:latest");
    assertThat(put.get("digest").getAsString()).isEqualTo(sha);
    JsonObject streamed =
        gateway.cliWithInput(model, "put", "-", "--name", "streamed:v1", "--json").object();
    assertThat(streamed.get("digest").getAsString()).isEqualTo(sha);
    assertThat(streamed.get("newBlocks").getAsLong()).isZero();

    JsonObject got = gateway.json("get", "streamed:v1", "-o", "out").object();
    assertThat(got.get("digest").getAsString()).isEqualTo(sha);
    assertThat(Content.sha256(gateway.folder.resolve("out"))).isEqualTo(sha);
    Result piped = gateway.cli("get", "vww_96_int8.tflite", "-o", "/dev/stdout");
    assertThat(piped.status()).isZero();

    JsonObject swapped = gateway.json("swap", "streamed:v1").object();
    Path mapped = Path.of(swapped.get("path").getAsString());
    assertThat(mapped).startsWith(gateway.ram);
    assertThat(Content.sha256(mapped)).isEqualTo(sha);
    assertThat(gateway.ram.resolve("active/streamed:v1").toRealPath())
        .isEqualTo(mapped.toRealPath());
  }

  @Test
  void foldersComeBackIdenticalAfterRestartRebuildAndDamageOfTheCatalog() throws IOException {
    Map<String, String> expected = putFolder(Samples.FOLDER.resolve("models"), "models");
    expected.putAll(putFolder(Samples.FOLDER.resolve("protocols"), "can"));
    check(expected);

    gateway.restart();
    check(expected);

    gateway.stop();
    Trees.delete(gateway.home.resolve("catalog"));
    gateway.start();
    gateway.cli("rebuild-catalog").ok();
    check(expected);

    gateway.stop();
    Path database = database();
    Files.write(database, GARBAGE);
    gateway.start();
    check(expected);
    gateway.cli("wait", "idle").ok();
    assertThat(Trees.files(gateway.home).stream().filter(MainJobIT::isGarbage))
        .as("the damaged catalog is set aside, not thrown away")
        .isNotEmpty();
  }

  @Test
  void theWholeCollectionComesBackIdentical() {
    assumeTrue(Samples.hasCorpora(), "no collection at " + Samples.CORPORA);
    Map<String, String> expected = putFolder(Samples.CORPORA, "corpora");
    check(expected);
    gateway.stop();
    Trees.delete(gateway.home.resolve("catalog"));
    gateway.start();
    gateway.cli("rebuild-catalog").ok();
    check(expected);
  }

  @Test
  void emptyAndTinyArtifactsWork() throws IOException {
    Files.write(gateway.folder.resolve("none"), new byte[0]);
    Files.write(gateway.folder.resolve("one"), new byte[] {42});
    for (String name : new String[] {"none", "one"}) {
      String sha = Content.sha256(gateway.folder.resolve(name));
      assertThat(gateway.json("put", name).object().get("digest").getAsString()).isEqualTo(sha);
      JsonObject swap = gateway.json("swap", name).object();
      assertThat(Content.sha256(Path.of(swap.get("path").getAsString()))).isEqualTo(sha);
    }
    gateway.restart();
    gateway.cli("get", "none", "-o", "none2").ok();
    gateway.cli("get", "one", "-o", "one2").ok();
    assertThat(gateway.folder.resolve("none2")).isEmptyFile();
    assertThat(gateway.folder.resolve("one2")).hasBinaryContent(new byte[] {42});
  }

  /** Puts a folder and gives the digest that each reference must have. */
  private Map<String, String> putFolder(Path root, String prefix) {
    JsonElement results =
        gateway.json("put", "--recursive", root.toString(), "--prefix", prefix).json();
    Map<String, String> digests = new TreeMap<>();
    for (Path file : Trees.files(root)) {
      String path = root.relativize(file).toString().replaceAll("[^A-Za-z0-9._/-]", "-");
      digests.put(prefix + "/" + path + ":latest", Content.sha256(file));
    }
    assertThat(results.getAsJsonArray()).hasSize(digests.size());
    return digests;
  }

  private void check(Map<String, String> expected) {
    Map<String, String> listed = new TreeMap<>();
    for (JsonElement row : gateway.json("ls").json().getAsJsonArray()) {
      JsonObject object = row.getAsJsonObject();
      listed.put(object.get("reference").getAsString(), object.get("digest").getAsString());
    }
    assertThat(listed).isEqualTo(expected);
    Api api = gateway.api();
    expected.forEach(
        (reference, sha) ->
            assertThat(api.digestOfContent(reference)).as(reference).isEqualTo(sha));
  }

  private Path database() {
    return Trees.files(gateway.home.resolve("catalog")).stream()
        .filter(file -> file.toString().endsWith(".mv.db"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isGarbage(Path file) {
    try {
      return Files.size(file) == GARBAGE.length && Arrays.equals(Files.readAllBytes(file), GARBAGE);
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }
}
