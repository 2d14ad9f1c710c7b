package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.itest.gateway.Api;
import dev.larder.itest.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The real gateway is killed under load, again and again on one home, now and then while it is
 * still recovering from the last time. The moment of a kill cannot be replayed: what is left in
 * {@code target/work} when the test fails is the home with its log, and the acknowledgement log.
 */
class KillIT {

  private static final int LEAST_CHANGES = 10;
  private static final int MORE_CHANGES = 70;
  private static final int MORE_MILLIS = 60;
  private static final int START_MILLIS = 1_800;
  private static final int CYCLES_BETWEEN_SCRUBS = 5;
  private static final List<String> TIERS = List.of("local", "card");

  private Map<String, String> truth = new TreeMap<>();
  private Gateway gateway;
  private AckLog log;
  private int killedStarts;

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    Campaign campaign = Campaign.of(KillIT.class, "whatWasAcknowledgedSurvivesEveryKill", 20, 300);
    long began = System.nanoTime();
    Path folder = campaign.folder();
    gateway = new Gateway(folder).set("LARDER_RAM_LIMIT", "24m").set("LARDER_START_TIMEOUT", "240");
    boolean well = false;
    try (AckLog acknowledgements = new AckLog(folder.resolve("acknowledgements.log"))) {
      log = acknowledgements;
      gateway.start();
      addTiers();
      for (int cycle = 0; cycle < campaign.count(); cycle++) {
        cycle(campaign, cycle);
      }
      checkAfterOrderlyStop(campaign);
      assertThat(Oracle.replay(log.file())).isEqualTo(log.oracle());
      well = true;
    } finally {
      end(well);
    }
    Oracle oracle = log.oracle();
    campaign.report(
        campaign.count()
            + " kills under load, "
            + killedStarts
            + " while starting; "
            + oracle.acknowledged()
            + " changes acknowledged, "
            + oracle.inDoubt()
            + " in doubt, "
            + truth.size()
            + " references at the end",
        began);
  }

  private void end(boolean well) {
    if (well) {
      gateway.close();
    } else {
      gateway.abandon();
    }
  }

  private void addTiers() throws IOException {
    for (String name : List.of("card", "flash")) {
      Path place = Files.createDirectories(gateway.folder.resolve("media").resolve(name));
      String role = name.equals("flash") ? "cache" : "storage";
      gateway
          .api()
          .call(
              "POST",
              "/v1/tiers",
              "{\"name\":\"" + name + "\",\"path\":\"" + place + "\",\"role\":\"" + role + "\"}");
    }
  }

  private void cycle(Campaign campaign, int number) throws Exception {
    SplittableRandom random = campaign.random(number);
    Client.Tuning tuning = new Client.Tuning(random.nextInt(4) == 0 ? 4 << 20 : 600_000, TIERS);
    Load load = Load.start(gateway.api(), log, tuning, random.split(), truth);
    load.awaitAcknowledged(LEAST_CHANGES + random.nextInt(MORE_CHANGES));
    Thread.sleep(random.nextInt(MORE_MILLIS));
    load.endBegins();
    gateway.kill();
    List<String> trouble = load.end();
    Collection<Operation> doubtful = log.cut("kill " + number);
    assertThat(trouble).as(what(campaign, number)).isEmpty();
    while (random.nextInt(4) == 0) {
      killWhileStarting(random);
    }
    gateway.start();
    check(campaign, number, doubtful, number % CYCLES_BETWEEN_SCRUBS == 0);
  }

  private void check(
      Campaign campaign, int number, Collection<Operation> doubtful, boolean withBlocks) {
    Judge judge = new Judge(gateway.api(), log);
    truth = judge.check(doubtful);
    judge.checkHealth();
    if (withBlocks) {
      judge.checkBlocks();
    }
    assertThat(judge.violations()).as(what(campaign, number)).isEmpty();
  }

  private void checkAfterOrderlyStop(Campaign campaign) {
    Api api = gateway.api();
    api.call("POST", "/v1/maintenance/gc", "");
    check(campaign, campaign.count(), List.of(), true);
    gateway.restart();
    check(campaign, campaign.count(), List.of(), true);
  }

  private String what(Campaign campaign, int number) {
    return "cycle "
        + number
        + " of seed "
        + campaign.seed()
        + "; the evidence is in "
        + gateway.folder
        + "; "
        + campaign.replay(0);
  }

  /** Recovery is killed too. */
  private void killWhileStarting(SplittableRandom random) throws Exception {
    List<String> command = new ArrayList<>(gateway.commandLine("start"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(gateway.folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(gateway.folder.resolve("killed-start.log").toFile());
    builder.environment().putAll(gateway.environment());
    Process start = builder.start();
    Thread.sleep(200 + random.nextInt(START_MILLIS));
    Optional<ProcessHandle> running = starting();
    running.ifPresent(ProcessHandle::destroyForcibly);
    assertThat(start.waitFor(1, TimeUnit.MINUTES)).as("start has ended").isTrue();
    running.ifPresent(process -> process.onExit().join());
    if (running.isEmpty()) {
      starting().ifPresent(ProcessHandle::destroyForcibly); // it has come up meanwhile
    }
    killedStarts++;
  }

  /** The gateway of this home, ready or not. */
  private Optional<ProcessHandle> starting() throws IOException {
    Path lock = gateway.home.resolve("run/launcher.lock");
    String pid = Files.exists(lock) ? Files.readString(lock).strip() : "";
    return pid.matches("[0-9]+")
        ? ProcessHandle.of(Long.parseLong(pid)).filter(this::isOurs)
        : Optional.empty();
  }

  private boolean isOurs(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("-Dlarder.home=" + gateway.home + "\0");
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
