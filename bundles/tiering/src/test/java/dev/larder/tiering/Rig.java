package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.chunker.fastcdc.FastCdcChunker;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.codec.gzip.GzipCodec;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.media.emmc.EmmcDriver;
import dev.larder.media.folder.FolderDriver;
import dev.larder.media.nvme.NvmeDriver;
import dev.larder.media.sd.SdDriver;
import dev.larder.policy.cache.lfu.LfuPolicy;
import dev.larder.policy.cache.lru.LruPolicy;
import dev.larder.policy.placement.kind.ClassPlacement;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.media.MediaDriver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A gateway on real plug-ins and folders, as plain Java. */
final class Rig implements AutoCloseable {

  final Path folder;
  final LarderSettings settings;
  final List<String> events = new CopyOnWriteArrayList<>();
  Plugins plugins;
  LarderCore core;
  MediaDriver sd = new SdDriver();
  Codec zstd = new ZstdCodec();

  Rig(Path folder) throws IOException {
    this(folder, 64 << 20);
  }

  Rig(Path folder, long ramLimit) throws IOException {
    this(
        folder,
        LarderSettings.of(folder.resolve("home"))
            .withRoot(folder.resolve("root"))
            .withRamFolder(folder.resolve("ram"))
            .withRamLimit(ramLimit)
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2)));
  }

  Rig(Path folder, LarderSettings settings) throws IOException {
    this.folder = folder;
    this.settings = settings;
    Path mounts = folder.resolve("root/proc/mounts");
    Files.createDirectories(mounts.getParent());
    Files.writeString(mounts, "overlay / overlay rw 0 0\n");
    start();
  }

  /** Starts with all plug-ins. */
  void start() throws IOException {
    prepare();
    go();
  }

  /** A core with all plug-ins that is not started. */
  void prepare() {
    plugins = Plugins.none(settings);
    plugins.drivers().added("folder", new FolderDriver(), "test", 0);
    plugins.drivers().added("nvme", new NvmeDriver(), "test", 0);
    plugins.drivers().added("emmc", new EmmcDriver(), "test", 0);
    plugins.drivers().added("sd", sd, "test", 0);
    plugins.codecs().added(new Lz4Codec(), "test", 0);
    plugins.codecs().added(zstd, "test", 0);
    plugins.codecs().added(new GzipCodec(), "test", 0);
    plugins.chunkers().added("fixed", new FixedChunker(), "test", 0);
    plugins.chunkers().added("fastcdc", new FastCdcChunker(), "test", 0);
    plugins.cachePolicies().added("lru", lru(), "test", 0);
    plugins.cachePolicies().added("lfu", new LfuPolicy(), "test", 0);
    plugins.placementRules().added("class", new ClassPlacement(), "test", 0);
    core = new LarderCore(settings, plugins, (topic, properties) -> events.add(topic));
  }

  static CachePolicy lru() {
    return new LruPolicy();
  }

  void go() throws LarderException {
    core.start();
    core.pluginsSettled();
    assertThat(core.awaitReady(Duration.ofSeconds(20))).isTrue();
  }

  void restart() throws IOException {
    core.close();
    start();
  }

  TierInfo tier(String name, String driver) throws IOException {
    return tier(name, driver, TierRole.STORAGE, OptionalLong.empty());
  }

  TierInfo tier(String name, String driver, TierRole role, OptionalLong capacity)
      throws IOException {
    Path place = folder.resolve("media").resolve(name);
    Files.createDirectories(place);
    return core.tiers()
        .add(new TierSpec(name, place.toString(), Optional.of(driver), role, capacity, Map.of()));
  }

  TierInfo info(String name) {
    return core.tiers().tiers().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  PutResult put(String reference, byte[] bytes) throws IOException {
    return core.store().put(PutRequest.of(ref(reference), ArtifactKind.MODEL), content(bytes));
  }

  PutResult put(String reference, byte[] bytes, String tier) throws IOException {
    return core.store()
        .put(PutRequest.of(ref(reference), ArtifactKind.MODEL).onTier(tier), content(bytes));
  }

  static Content content(byte[] bytes) {
    return Content.of(
        Channels.newChannel(new ByteArrayInputStream(bytes)), OptionalLong.of(bytes.length));
  }

  byte[] get(String reference) throws IOException {
    try (StoredContent content = core.store().open(ref(reference));
        var channel = content.read(0, content.size())) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  static Reference ref(String text) {
    return Reference.parse(text);
  }

  /** Bytes that pack to about half. */
  static byte[] model(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < size; i += 2) {
      bytes[i] = (byte) (i >> 12);
    }
    return bytes;
  }

  static void fails(ErrorCode code, ThrowingCallable call) {
    org.assertj.core.api.Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).as(e.describe()).isEqualTo(code));
  }

  @Override
  public void close() {
    core.close();
  }
}
