package dev.larder.itest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many worlds, each from its own seed. */
class CampaignTest {

  private static final String SEED = "larder.seed";
  private static final long SHORT = 3_000;
  private static final long LONG = 120_000;

  @Test
  void nothingAcknowledgedIsLostAndNoByteIsWrong() throws Exception {
    assumeTrue(System.getProperty(SEED) == null, "one seed is replayed");
    long count = Boolean.getBoolean("larder.long") ? LONG : SHORT;
    Campaign campaign = new Campaign(1, count);
    campaign.run(Runtime.getRuntime().availableProcessors());
    System.out.printf("%d seeds, %d crash images%n", campaign.lived(), campaign.images());
    assertThat(campaign.failures()).isEmpty();
    assertThat(campaign.images()).isGreaterThanOrEqualTo(count);
  }

  @Test
  void oneSeed() throws Exception {
    assumeTrue(System.getProperty(SEED) != null, "no seed is given by -D" + SEED);
    Campaign.live(Long.getLong(SEED), System.out::println);
  }

  @Test
  void aSeedReplaysExactly() throws Exception {
    for (long seed = 1; seed <= 40; seed++) {
      assertThat(told(seed)).as("seed " + seed).isEqualTo(told(seed));
    }
  }

  /** What happens, less the UUID that a volume gives itself. */
  private static List<String> told(long seed) throws Exception {
    List<String> lines = new ArrayList<>();
    Campaign.live(seed, line -> lines.add(line.replaceAll("volume [0-9a-f-]{36}", "volume")));
    return lines;
  }
}
