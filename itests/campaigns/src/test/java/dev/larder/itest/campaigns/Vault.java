package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A gateway's folder with all that is in it, of which as many copies can be had as are to be
 * damaged. Each copy lies at the same place, since tiers know where they are.
 */
final class Vault {

  private static final long TIER_BYTES = 64 << 20; // packs of 1 MiB then
  private static final int ARTIFACTS = 36;
  private static final int MOST_BYTES = 300_000;
  private static final int LOADS_UNTIL_CACHED = 2;

  /** How the gateway ended. */
  enum End {
    /** In order: packs are sealed, the catalog is closed. */
    STOPPED,
    /** By a kill: what was written is there, and nothing was closed. */
    KILLED
  }

  /** What is in it. */
  final Treasure treasure = new Treasure();

  /** Where the copies are. */
  final Path work;

  private final Path kept;

  private Vault(Path folder) {
    work = folder.resolve("gateway");
    kept = folder.resolve("kept");
  }

  /**
   * Fills one.
   *
   * @param replicas whether everything is on a second tier too
   */
  static Vault fill(Path folder, long seed, End end, boolean replicas) throws Exception {
    Vault vault = new Vault(folder);
    Trees.delete(vault.work);
    Trees.delete(vault.kept);
    CoreRig rig = new CoreRig(vault.work).start();
    try {
      rig.tier("card", "sd", TierRole.STORAGE, TIER_BYTES);
      vault.put(rig, new SplittableRandom(seed), replicas);
      if (replicas) {
        rig.tier("flash", "nvme", TierRole.CACHE, TIER_BYTES);
        vault.cacheAll(rig);
      }
      rig.awaitIdle();
      if (end == End.KILLED) {
        copy(vault.work, vault.kept);
      }
    } finally {
      rig.close();
    }
    if (end == End.STOPPED) {
      copy(vault.work, vault.kept);
    }
    return vault;
  }

  /** New ones, other versions of them, second names, deletions, and a collection on the way. */
  private void put(CoreRig rig, SplittableRandom random, boolean cardOnly) throws IOException {
    for (int i = 0; i < ARTIFACTS; i++) {
      String reference = "m" + random.nextInt(ARTIFACTS * 2 / 3) + ":latest";
      byte[] content = Contents.pick(random, MOST_BYTES);
      rig.put(reference, content, cardOnly || random.nextInt(3) > 0 ? "card" : "local");
      treasure.given(reference, content);
      if (random.nextInt(4) == 0) {
        String alias = "alias" + i + ":v1";
        rig.core().store().tag(Reference.parse(reference), Reference.parse(alias));
        treasure.given(alias, content);
      }
      if (random.nextInt(7) == 0) {
        rig.core().store().delete(Reference.parse(reference));
        treasure.deleted(reference);
      }
      if (i == ARTIFACTS / 2) {
        rig.core().maintenance().collect();
      }
    }
    anchor(rig, "card");
    if (!cardOnly) {
      anchor(rig, "local");
    }
  }

  /**
   * Puts the same twice: damage to the very last commit before a kill cannot be told from a put
   * that was cut off, so that one says nothing new. The one before it shows what had been forced.
   */
  private void anchor(CoreRig rig, String tier) throws IOException {
    String reference = "anchor-" + tier + ":latest";
    byte[] content = reference.getBytes(StandardCharsets.US_ASCII);
    rig.put(reference, content, tier);
    rig.put(reference, content, tier);
    treasure.given(reference, content);
  }

  private void cacheAll(CoreRig rig) throws Exception {
    for (int i = 0; i < LOADS_UNTIL_CACHED; i++) {
      for (String reference : treasure.references()) {
        rig.touch(reference);
      }
      rig.core().swapper().evictAll();
      rig.awaitIdle();
    }
    for (String reference : treasure.references()) {
      assertThat(rig.core().store().show(Reference.parse(reference)).replicas())
          .as("replicas of %s", reference)
          .hasSize(2);
    }
  }

  /** Makes a fresh copy to work on. */
  Path restore() throws IOException {
    Trees.delete(work);
    copy(kept, work);
    return work;
  }

  /** The same of one folder in it only. */
  Path restorePart(String part) throws IOException {
    Trees.delete(work.resolve(part));
    copy(kept.resolve(part), work.resolve(part));
    return work.resolve(part);
  }

  /** Copies a folder with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (Files.isRegularFile(path)) {
          Files.copy(path, target);
        }
      }
    }
  }
}
