package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.itest.campaigns.Vault.End;
import dev.larder.itest.gateway.Content;
import dev.larder.itest.gateway.Trees;
import dev.larder.media.sd.SdDriver;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediumLocation;
import dev.larder.store.Manifest;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeContext;
import dev.larder.tiering.plugin.CodecRegistry;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One bit of a volume's packs and superblocks is flipped, then it is opened by itself and all of it
 * is read: the same bars as for a whole gateway, at a hundred times the pace.
 */
class VolumeFlipIT {

  private static final int SHOWN = 5;
  private static final int CASES_PER_VAULT = 500;
  private static final UUID GATEWAY = new UUID(7, 7);

  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final CodecRegistry codecs = new CodecRegistry(2, Duration.ofSeconds(2));
  private final List<String> violations = new ArrayList<>();
  private int whole;
  private int named;

  /** What a volume holds. */
  private record Holding(Set<Digest> artifacts, Map<String, Optional<Digest>> references) {}

  @AfterEach
  void endWorkers() {
    workers.shutdown();
  }

  @Test
  void noBitOfASealedVolumeDoesHarm() throws Exception {
    run("noBitOfASealedVolumeDoesHarm", 600, 8_000, End.STOPPED);
  }

  @Test
  void noBitOfAVolumeThatWasNotClosedDoesHarm() throws Exception {
    run("noBitOfAVolumeThatWasNotClosedDoesHarm", 400, 4_000, End.KILLED);
  }

  private void run(String method, int usual, int many, End end) throws Exception {
    codecs.added(new Lz4Codec(), "test", 0);
    codecs.added(new ZstdCodec(), "test", 0);
    Campaign campaign = Campaign.of(VolumeFlipIT.class, method, usual, many);
    long began = System.nanoTime();
    Path quick = campaign.quickFolder();
    Vault vault = null;
    Holding holding = null;
    long vaultSeed = 0;
    for (int i = 0; i < campaign.count(); i++) {
      long wanted = campaign.seedOf(i) / CASES_PER_VAULT;
      if (vault == null || wanted != vaultSeed) {
        vaultSeed = wanted;
        vault = Vault.fill(quick, vaultSeed, end, true);
        holding = holding(vault.restorePart("media/card"));
      }
      one(campaign, i, vault.restorePart("media/card"), holding);
    }
    campaign.report(
        campaign.count()
            + " flips: "
            + whole
            + " artifacts read whole, "
            + named
            + " refused naming artifact and volume, "
            + violations.size()
            + " violations",
        began);
    Trees.delete(quick);
    assertThat(violations.stream().limit(SHOWN)).isEmpty();
  }

  private Holding holding(Path place) throws IOException {
    try (Volume volume = open(place)) {
      Set<Digest> artifacts = new HashSet<>();
      volume.artifacts().forEach(entry -> artifacts.add(entry.digest()));
      return new Holding(artifacts, references(volume));
    }
  }

  /** What counts now, by the order of stamps. */
  private static Map<String, Optional<Digest>> references(Volume volume) {
    Map<String, Optional<Digest>> newest = new HashMap<>();
    for (ReferenceChange change : volume.references()) {
      newest.put(change.reference().toString(), change.target());
    }
    return newest;
  }

  private Volume open(Path place) throws IOException {
    return Volume.open(
        new SdDriver()
            .open(
                new MediumLocation(
                    place.toString(), Optional.empty(), OptionalLong.of(64 << 20), Map.of())),
        new VolumeContext(new Stamps(GATEWAY, Clock.systemUTC()), codecs, workers, 2));
  }

  private void one(Campaign campaign, int number, Path place, Holding holding) throws IOException {
    SplittableRandom random = campaign.random(number);
    boolean edge = random.nextInt(4) == 0;
    Flip flip = Flip.choose(place, edge ? Flip.Where.PACK_EDGE : Flip.Where.ANYWHERE, random);
    flip.apply(place);
    List<String> found = new ArrayList<>();
    try (Volume volume = open(place)) {
      compare(volume, holding, found);
      volume.scrub(Cancellation.NEVER);
    } catch (IOException | RuntimeException e) {
      found.add("does not open: " + e);
    }
    if (!found.isEmpty()) {
      violations.add(flip + ": " + found + "; " + campaign.replay(number));
    }
  }

  private void compare(Volume volume, Holding holding, List<String> found) {
    for (Digest digest : holding.artifacts()) {
      try {
        Manifest manifest = volume.manifest(digest);
        String read =
            Content.sha256(Channels.newInputStream(volume.open(manifest, 0, manifest.size())));
        if (read.equals(digest.toString())) {
          whole++;
        } else {
          found.add("wrong bytes of " + digest);
        }
      } catch (LarderException e) {
        named++;
        if (e.code() != ErrorCode.CORRUPT
            || !e.describe().contains(digest.toString())
            || !e.describe().contains(volume.uuid().toString())) {
          found.add(digest + ": " + e.code() + " " + e.describe());
        }
      } catch (IOException | RuntimeException e) {
        found.add(digest + ": " + e);
      }
    }
    Map<String, Optional<Digest>> now = references(volume);
    holding
        .references()
        .forEach(
            (reference, target) -> {
              if (!target.equals(now.getOrDefault(reference, Optional.empty()))) {
                found.add(reference + " was " + target + " and is " + now.get(reference));
              }
            });
  }
}
