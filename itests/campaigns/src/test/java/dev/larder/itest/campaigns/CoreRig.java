package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import dev.larder.api.SwapRequest;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.chunker.fastcdc.FastCdcChunker;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.media.folder.FolderDriver;
import dev.larder.media.nvme.NvmeDriver;
import dev.larder.media.sd.SdDriver;
import dev.larder.policy.cache.lru.LruPolicy;
import dev.larder.policy.placement.kind.ClassPlacement;
import dev.larder.spi.media.MediaDriver;
import dev.larder.tiering.LarderCore;
import dev.larder.tiering.LarderSettings;
import dev.larder.tiering.Plugins;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A gateway on real plug-ins and folders as plain Java, in this process: for cases of which there
 * are thousands. One thread.
 */
final class CoreRig implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long RAM_BYTES = 64 << 20;

  private final Path folder;
  private final UnaryOperator<MediaDriver> drivers;
  private LarderCore core;

  /** One on a folder of its own, which must not be moved: tiers know where they are. */
  CoreRig(Path folder) throws IOException {
    this(folder, UnaryOperator.identity());
  }

  /** One whose drivers have something between them and the gateway. */
  CoreRig(Path folder, UnaryOperator<MediaDriver> drivers) throws IOException {
    this.folder = folder;
    this.drivers = drivers;
    Path mounts = folder.resolve("root/proc/mounts");
    Files.createDirectories(mounts.getParent());
    Files.writeString(mounts, "overlay / overlay rw 0 0\n");
  }

  /** Starts it and waits until every tier is open or known not to be. */
  CoreRig start() throws LarderException {
    LarderSettings settings =
        LarderSettings.of(folder.resolve("home"))
            .withRoot(folder.resolve("root"))
            .withRamFolder(folder.resolve("ram"))
            .withRamLimit(RAM_BYTES)
            .withProbe(false)
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2));
    Plugins plugins = Plugins.none(settings);
    for (MediaDriver driver :
        new MediaDriver[] {new FolderDriver(), new NvmeDriver(), new SdDriver()}) {
      plugins.drivers().added(driver.name(), drivers.apply(driver), "test", 0);
    }
    plugins.codecs().added(new Lz4Codec(), "test", 0);
    plugins.codecs().added(new ZstdCodec(), "test", 0);
    plugins.chunkers().added("fixed", new FixedChunker(), "test", 0);
    plugins.chunkers().added("fastcdc", new FastCdcChunker(), "test", 0);
    plugins.cachePolicies().added("lru", new LruPolicy(), "test", 0);
    plugins.placementRules().added("class", new ClassPlacement(), "test", 0);
    core = new LarderCore(settings, plugins, (topic, properties) -> {});
    core.start();
    core.pluginsSettled();
    assertThat(core.awaitReady(READY)).as("ready").isTrue();
    return this;
  }

  LarderCore core() {
    return core;
  }

  Path home() {
    return folder.resolve("home");
  }

  /** Where the volume of a tier is. */
  Path place(String tier) {
    return tier.equals("local") ? home().resolve("tiers/local") : folder.resolve("media/" + tier);
  }

  void tier(String name, String driver, TierRole role, long capacity) throws IOException {
    Files.createDirectories(place(name));
    core.tiers()
        .add(
            new TierSpec(
                name,
                place(name).toString(),
                Optional.of(driver),
                role,
                OptionalLong.of(capacity),
                Map.of()));
  }

  void put(String reference, byte[] content, String tier) throws IOException {
    core.store()
        .put(
            PutRequest.of(Reference.parse(reference), ArtifactKind.MODEL).onTier(tier),
            dev.larder.api.Content.of(
                Channels.newChannel(new ByteArrayInputStream(content)),
                OptionalLong.of(content.length)));
  }

  byte[] get(String reference) throws IOException {
    try (StoredContent content = core.store().open(Reference.parse(reference));
        var channel = content.read(0, content.size())) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  /** Swaps it in and lets it go again. */
  void touch(String reference) throws IOException {
    core.swapper()
        .release(
            core.swapper()
                .swap(SwapRequest.of(Reference.parse(reference)).withTimeout(LONG))
                .lease());
  }

  void awaitIdle() throws InterruptedException {
    assertThat(core.maintenance().awaitIdle(LONG)).as("idle").isTrue();
  }

  @Override
  public void close() {
    core.close();
  }
}
