package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A gateway on real plug-ins and folders, as plain Java. */
final class Rig implements AutoCloseable {

  final Path folder;
  final LarderSettings settings;
  final List<String> events = new CopyOnWriteArrayList<>();

  /** Properties of all events of migrations. */
  final List<Map<String, Object>> moves = new CopyOnWriteArrayList<>();

  Plugins plugins;
  LarderCore core;
  MediaDriver sd = new SdDriver();
  MediaDriver nvme = new NvmeDriver();
  Codec zstd = new ZstdCodec();
  volatile Consumer<String> onEvent = topic -> {};

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
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2))
            .withProbe(false));
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
    plugins.drivers().added("nvme", nvme, "test", 0);
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
    core = new LarderCore(settings, plugins, this::told);
  }

  private void told(String topic, Map<String, Object> properties) {
    events.add(topic);
    if (topic.equals(Events.MIGRATED)) {
      moves.add(properties);
    }
    onEvent.accept(topic);
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
    return tier(name, driver, role, capacity, Map.of());
  }

  TierInfo tier(
      String name, String driver, TierRole role, OptionalLong capacity, Map<String, String> options)
      throws IOException {
    Path place = folder.resolve("media").resolve(name);
    Files.createDirectories(place);
    return core.tiers()
        .add(new TierSpec(name, place.toString(), Optional.of(driver), role, capacity, options));
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

  /** Where a tier of this name has its medium. */
  Path medium(String name) {
    return folder.resolve("media").resolve(name);
  }

  /** Sets what is mounted: a line of {@code /proc/mounts} for each place, on devices that exist. */
  void mount(Path... places) throws IOException {
    StringBuilder table = new StringBuilder("overlay / overlay rw 0 0\n");
    for (int i = 0; i < places.length; i++) {
      Files.createDirectories(folder.resolve("root/sys/block/sd" + (char) ('a' + i)));
      String place = places[i].toString().replace(" ", "\\040");
      table.append("/dev/sd" + (char) ('a' + i) + " " + place + " ext4 rw 0 0\n");
    }
    Files.writeString(folder.resolve("root/proc/mounts"), table.toString());
  }

  void awaitState(String tier, TierState state) throws InterruptedException {
    await(tier + " is " + state, () -> info(tier).state() == state);
    // What it does about that has begun; it is over when the gateway is idle.
    assertThat(core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    boolean holds = condition.getAsBoolean(); // asked once more it may be another
    while (!holds && System.nanoTime() < end) {
      Thread.sleep(10);
      holds = condition.getAsBoolean();
    }
    assertThat(holds).as(what).isTrue();
  }

  static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  static void deleteTree(Path top) throws IOException {
    try (var files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
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
