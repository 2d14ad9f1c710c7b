package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LifeCommandTest {

  private static final long MB = 1 << 20;

  @TempDir Path folder;
  private Path trace;

  /** A day: ten models, of which the last ones are loaded every quarter of an hour in turn. */
  @BeforeEach
  void makeTrace() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      lines.append(i + "\t" + i + "\t" + 100 * MB + "\n");
    }
    for (int i = 0; i < 96; i++) {
      lines.append((600 + 900 * i) + "\t" + (8 + i % 2) + "\t" + 100 * MB + "\n");
    }
    trace = Files.writeString(folder.resolve("t.tsv"), lines);
  }

  private JsonObject run(String... arguments) throws Exception {
    LifeCommand command = new LifeCommand();
    String[] all = new String[arguments.length + 2];
    all[0] = "--trace=" + trace;
    all[1] = "--json";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    new CommandLine(command).parseArgs(all);
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertThat(command.call()).isZero();
    } finally {
      System.setOut(before);
    }
    return JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private static JsonObject tier(JsonObject report, int number) {
    return report.getAsJsonArray("tiers").get(number).getAsJsonObject();
  }

  @Test
  void whatIsLoadedAllTheTimeEndsOnTheFastTier() throws Exception {
    // 400 MiB of flash take four of ten; by then the last ones find it taken.
    JsonObject report =
        run(
            "--years=0.1",
            "--ram=150m",
            "--tier=nvme:400m:ratedWrites=10t",
            "--tier=sd:4g:ratedWrites=10t");
    assertThat(report.get("artifacts").getAsInt()).isEqualTo(10);
    assertThat(report.get("days").getAsDouble()).isBetween(36.0, 37.0);
    assertThat(report.get("objectHitRatio").getAsDouble()).isZero(); // two by turns, one has room
    JsonObject flash = tier(report, 0);
    JsonObject card = tier(report, 1);
    assertThat(flash.get("name").getAsString()).isEqualTo("nvme");
    assertThat(flash.get("loads").getAsLong()).isGreaterThan(10 * card.get("loads").getAsLong());
    assertThat(report.get("promotions").getAsLong()).isBetween(0L, 10L);
    assertThat(flash.get("withinBudget").getAsBoolean()).isTrue();
  }

  @Test
  void aBudgetHoldsAndIsToldWhenItIsUsedUp() throws Exception {
    JsonObject report =
        run("--years=0.1", "--ram=150m", "--tier=nvme:400m:ratedWrites=36g", "--tier=sd:4g");
    JsonObject flash = tier(report, 0);
    // 10 MiB a day: what was put is owed for weeks, and nothing is moved to it meanwhile.
    assertThat(flash.get("movedBytes").getAsLong()).isZero();
    assertThat(flash.get("heldBack").getAsLong()).isPositive();
    assertThat(flash.get("withinBudget").getAsBoolean()).isTrue();
  }

  @Test
  void wrongTiersAndTracesAreTold() throws Exception {
    assertThatThrownBy(() -> run("--tier=tape:1g")).hasMessageContaining("no class of media");
    assertThatThrownBy(() -> run("--tier=sd:1g:speed=9")).hasMessageContaining("no option");
    assertThatThrownBy(() -> run("--tier=sd:1g:role=cache")).hasMessageContaining("no storage");
    assertThatThrownBy(() -> run("--years=0")).hasMessageContaining("--years");
    assertThatThrownBy(() -> run("--placement=luck")).hasMessageContaining("luck");
    assertThatThrownBy(() -> run("--tier=sd:150m"))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.code()).isEqualTo("NO_SUITABLE_TIER"));
    Files.writeString(trace, "5\t1\t10\n");
    assertThatThrownBy(() -> run()).hasMessageContaining("takes no time");
  }
}
