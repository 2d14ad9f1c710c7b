package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A card that goes from one gateway to another, and back. */
class ImportIT {
  private Gateway first;
  private Gateway second;
  private Path one;
  private Path two;

  @BeforeEach
  void start() {
    first = new Gateway().start();
    second = new Gateway().start();
    one = Content.randomFile(first.folder.resolve("one"), 1, 2 << 20);
    two = Content.randomFile(first.folder.resolve("two"), 2, 2 << 20);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void aCardIsImportedAndComesBack() throws IOException {
    String path = Files.createDirectory(first.folder.resolve("card")).toString();
    first.cli("tier", "add", "card", "--path", path).ok();
    first.cli("put", one.toString(), "--name", "clash", "--tier", "card").ok();
    first.cli("put", two.toString(), "--name", "theirs", "--tier", "card").ok();
    first.cli("put", one.toString(), "--name", "theirs", "--tier", "card").ok();
    first.stop();

    second.cli("put", two.toString(), "--name", "clash").ok();
    second.cli("tier", "add", "card", "--path", path).ok();
    assertThat(second.cli("tier", "ls").ok().out()).contains("foreign", "not imported");
    assertThat(second.cli("health").out()).contains("larder import card");
    second.json("put", one.toString(), "--tier", "card").failedWith("NOT_IMPORTED", "card");
    second.json("show", "theirs").failedWith("NOT_FOUND");

    JsonObject report = second.json("import", "card").object();
    String suffix = ".from-" + report.get("gateway").getAsString().substring(0, 8);
    assertThat(report.get("artifacts").getAsLong()).isEqualTo(2);
    assertThat(report.getAsJsonArray("references").get(0).getAsString()).isEqualTo("theirs:latest");
    JsonObject renamed = report.getAsJsonArray("renamed").get(0).getAsJsonObject();
    assertThat(renamed.get("from").getAsString()).isEqualTo("clash:latest");
    assertThat(renamed.get("to").getAsString()).isEqualTo("clash:latest" + suffix);
    second.cli("import", "card").ok(); // does no more

    for (int i = 0; i < 2; i++) {
      assertThat(second.api().digestOfContent("clash")).isEqualTo(Content.sha256(two));
      assertThat(second.api().digestOfContent("clash:latest" + suffix))
          .isEqualTo(Content.sha256(one));
      assertThat(second.api().digestOfContent("theirs")).isEqualTo(Content.sha256(one));
      second.kill();
      second.start();
    }
    second.cli("rollback", "theirs").ok();
    assertThat(second.api().digestOfContent("theirs")).isEqualTo(Content.sha256(two));
    second.cli("put", two.toString(), "--name", "new", "--tier", "card").ok();
    second.stop();

    first.start();
    assertThat(first.api().digestOfContent("clash")).isEqualTo(Content.sha256(one));
    assertThat(first.api().digestOfContent("theirs")).isEqualTo(Content.sha256(two));
    assertThat(first.api().digestOfContent("new")).isEqualTo(Content.sha256(two));
    first.stop();
  }
}
