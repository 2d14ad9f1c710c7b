package dev.larder.itest.campaigns;

import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * How much a campaign does, from which seed, and where. Case number {@code i} has the seed {@code
 * seed + i}, so that the seed of a case that failed, with a count of 1, is that case again.
 *
 * @param test simple name of the test class, for the command that replays it
 * @param method name of its method
 * @param seed of the first case
 * @param count cases to run
 */
record Campaign(String test, String method, long seed, int count) {

  private static final Path SHM = Path.of("/dev/shm");
  private static final boolean LONG = Boolean.getBoolean("larder.long");

  /**
   * Takes seed and count from the properties {@code larder.campaign.seed} and {@code
   * larder.campaign.count} where they are set; else a seed by chance.
   */
  static Campaign of(Class<?> test, String method, int usualCount, int longCount) {
    long seed = Long.getLong("larder.campaign.seed", System.nanoTime() & 0xFFFF_FFFFL);
    int count = Integer.getInteger("larder.campaign.count", LONG ? longCount : usualCount);
    Campaign campaign = new Campaign(test.getSimpleName(), method, seed, count);
    System.out.println(campaign.name() + ": " + count + " cases from seed " + seed);
    return campaign;
  }

  String name() {
    return test + "." + method;
  }

  long seedOf(int number) {
    return seed + number;
  }

  SplittableRandom random(int number) {
    return new SplittableRandom(seedOf(number));
  }

  /** The one command that does one case again. */
  String replay(int number) {
    return "mvn -B verify -pl itests/campaigns -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
        + (" -Dfailsafe.failIfNoSpecifiedTests=false -Dit.test=" + test + "#" + method)
        + (" -Dlarder.campaign.seed=" + seedOf(number) + " -Dlarder.campaign.count=1");
  }

  /** An empty folder below {@code target}: whoever succeeds deletes it, a failure leaves it. */
  Path folder() throws IOException {
    Path folder = Path.of(System.getProperty("larder.work")).resolve(name());
    Trees.delete(folder);
    return Files.createDirectories(folder);
  }

  /** The same in memory where that can be had, for files of which nothing has to last. */
  Path quickFolder() throws IOException {
    return Files.isWritable(SHM)
        ? Files.createTempDirectory(SHM, "larder-" + name())
        : Files.createDirectories(folder().resolve("quick"));
  }

  /** Says what was done and how long it took. */
  void report(String what, long beganNanos) {
    System.out.printf(
        "%s: %s in %.1f s%n", name(), what, (System.nanoTime() - beganNanos) / 1_000_000_000.0);
  }
}
