package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.itest.gateway.Gateway;
import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The whole home, catalog and all, on ext4 on a disk whose power is cut under load: of what was not
 * flushed nothing, a part or everything is there when the power is back. Both kinds of acknowledged
 * work are on it: what was done before an orderly restart or a kill, and what was done just before
 * the cut.
 */
class PowerCutIT {

  private static final int DISK_MEBIBYTES = 512;
  private static final int LEAST_CHANGES = 10;
  private static final int MORE_CHANGES = 60;
  private static final double[] SHARES = {0.5, 0, 1, 0.5, 0.9};

  private long acknowledged;
  private long inDoubt;
  private final StringBuilder cuts = new StringBuilder();

  @Test
  void whatWasAcknowledgedSurvivesEveryPowerCut() throws Exception {
    VolatileDisk.assumePossible();
    Campaign campaign =
        Campaign.of(PowerCutIT.class, "whatWasAcknowledgedSurvivesEveryPowerCut", 5, 100);
    long began = System.nanoTime();
    Path folder = campaign.folder();
    for (int i = 0; i < campaign.count(); i++) {
      cut(campaign, i, folder.resolve("cut-" + campaign.seedOf(i)));
    }
    campaign.report(
        campaign.count()
            + " power cuts; "
            + acknowledged
            + " changes acknowledged, "
            + inDoubt
            + " in doubt; "
            + cuts,
        began);
    Trees.delete(folder);
  }

  private void cut(Campaign campaign, int number, Path folder) throws Exception {
    SplittableRandom random = campaign.random(number);
    VolatileDisk disk = VolatileDisk.up(DISK_MEBIBYTES);
    Files.createDirectories(folder);
    boolean well = false;
    Gateway gateway =
        new Gateway(disk.root()).set("LARDER_RAM_LIMIT", "24m").set("LARDER_START_TIMEOUT", "240");
    try (AckLog log = new AckLog(folder.resolve("acknowledgements.log"))) {
      gateway.start();
      List<String> found = new Life(gateway, disk, log, random).untilCut(campaign.seedOf(number));
      assertThat(found)
          .as("%s; the disk's image is kept in %s; %s", log.file(), folder, campaign.replay(number))
          .isEmpty();
      acknowledged += log.oracle().acknowledged();
      inDoubt += log.oracle().inDoubt();
      well = true;
    } finally {
      end(gateway, disk, well, folder);
    }
  }

  private static void end(Gateway gateway, VolatileDisk disk, boolean well, Path folder) {
    gateway.abandon();
    if (!well) {
      disk.keepImage(folder.resolve("image"));
    }
    disk.close();
  }

  /** From the first start to the last look. */
  private final class Life {

    private final Gateway gateway;
    private final VolatileDisk disk;
    private final AckLog log;
    private final SplittableRandom random;
    private final Client.Tuning tuning;

    Life(Gateway gateway, VolatileDisk disk, AckLog log, SplittableRandom random) {
      this.gateway = gateway;
      this.disk = disk;
      this.log = log;
      this.random = random;
      this.tuning = new Client.Tuning(random.nextInt(3) == 0 ? 3 << 20 : 400_000, List.of("local"));
    }

    List<String> untilCut(long seed) throws Exception {
      Map<String, String> truth = new TreeMap<>();
      if (random.nextBoolean()) {
        truth = before();
      }
      Load load = Load.start(gateway.api(), log, tuning, random.split(), truth);
      load.awaitAcknowledged(LEAST_CHANGES + random.nextInt(MORE_CHANGES));
      load.endBegins();
      double share = SHARES[(int) (seed % SHARES.length)];
      String lost = disk.cut(seed, share);
      gateway.kill();
      List<String> trouble = load.end();
      Collection<Operation> doubtful = log.cut("power, share " + share + ": " + lost);
      cuts.append(cuts.isEmpty() ? "" : ", ").append(share).append(": ").append(lost);
      if (!trouble.isEmpty()) {
        return trouble;
      }
      disk.restore();
      gateway.start();
      return look(doubtful);
    }

    /** Some life before, which ends in order or by a kill. */
    private Map<String, String> before() throws InterruptedException {
      Load load = Load.start(gateway.api(), log, tuning, random.split(), Map.of());
      load.awaitAcknowledged(LEAST_CHANGES);
      load.endBegins();
      if (random.nextBoolean()) {
        gateway.stop();
      } else {
        gateway.kill();
      }
      assertThat(load.end()).isEmpty();
      Collection<Operation> doubtful = log.cut("restart");
      gateway.start();
      Judge judge = new Judge(gateway.api(), log);
      Map<String, String> truth = judge.check(doubtful);
      assertThat(judge.violations()).isEmpty();
      return truth;
    }

    private List<String> look(Collection<Operation> doubtful) throws IOException {
      Judge judge = new Judge(gateway.api(), log);
      judge.check(doubtful);
      judge.checkHealth();
      judge.checkBlocks();
      gateway.api().call("POST", "/v1/maintenance/gc", "");
      judge.check(List.of());
      return judge.violations();
    }
  }
}
