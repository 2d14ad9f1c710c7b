package dev.larder.store;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.Reference;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the tests of a volume do again and again. */
final class Bench implements AutoCloseable {

  static final FormatId FIXED = new FormatId("dev.larder.test.fixed", 1);
  static final UUID GATEWAY = new UUID(1, 1);

  final ExecutorService workers =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "test-worker");
            thread.setDaemon(true);
            return thread;
          });
  final TestCodecs codecs = new TestCodecs();
  final int blockBytes;

  Bench() {
    this(64 << 10);
  }

  Bench(int blockBytes) {
    this.blockBytes = blockBytes;
  }

  VolumeContext context(UUID gateway) {
    return new VolumeContext(new Stamps(gateway, Clock.systemUTC()), codecs, workers, 2);
  }

  Volume open(MemoryDisk disk) throws IOException {
    return Volume.open(disk.open(), context(GATEWAY));
  }

  Volume open(Medium medium) throws IOException {
    return Volume.open(medium, context(GATEWAY));
  }

  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Compresses to about a half. */
  static byte[] text(int size, long seed) {
    byte[] bytes = random(size, seed);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + (bytes[i] & 7));
    }
    return bytes;
  }

  static Digest digest(byte[] content) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static ReadableByteChannel channel(byte[] content) {
    return Channels.newChannel(new ByteArrayInputStream(content));
  }

  /** Cuts blocks of one length. */
  static BlockCutter cutter(int blockBytes) {
    return new BlockCutter() {
      @Override
      public int maxBlockBytes() {
        return blockBytes;
      }

      @Override
      public String parameters() {
        return "size=" + blockBytes;
      }

      @Override
      public Cut next(ByteBuffer window, boolean last) {
        return Cut.of(Math.min(blockBytes, window.remaining()));
      }
    };
  }

  IngestSpec spec(long size) {
    return spec(OptionalLong.of(size), Cancellation.NEVER);
  }

  IngestSpec spec(OptionalLong size, Cancellation cancellation) {
    return new IngestSpec(
        ArtifactKind.MODEL,
        size,
        FIXED,
        cutter(blockBytes),
        annotation -> TestCodecs.DEFLATE,
        cancellation);
  }

  StagedArtifact stage(Volume volume, byte[] content) throws IOException {
    return volume.ingest(spec(content.length), channel(content));
  }

  static ReferenceChange point(VolumeContext context, String name, Digest target) {
    return new ReferenceChange(
        Reference.parse(name), Optional.ofNullable(target), context.stamps().next(), 0);
  }

  /** Put under a name. */
  Digest put(Volume volume, VolumeContext context, String name, byte[] content) throws IOException {
    try (StagedArtifact staged = stage(volume, content)) {
      volume.commit(
          List.of(new Change.Add(staged), new Change.Point(point(context, name, staged.digest()))));
      return staged.digest();
    }
  }

  /** Put without a name. */
  Digest put(Volume volume, byte[] content) throws IOException {
    try (StagedArtifact staged = stage(volume, content)) {
      volume.commit(List.of(new Change.Add(staged)));
      return staged.digest();
    }
  }

  static byte[] get(Volume volume, Digest digest) throws IOException {
    Manifest manifest = volume.manifest(digest);
    return get(volume, manifest, 0, manifest.size());
  }

  static byte[] get(Volume volume, Manifest manifest, long offset, long length) throws IOException {
    byte[] content = new byte[(int) length];
    volume.read(
        manifest,
        offset,
        length,
        (at, bytes) -> bytes.get(content, (int) (at - offset), bytes.remaining()),
        Cancellation.NEVER);
    return content;
  }

  static byte[] getInOrder(Volume volume, Digest digest) throws IOException {
    Manifest manifest = volume.manifest(digest);
    try (ReadableByteChannel in = volume.open(manifest, 0, manifest.size())) {
      ByteBuffer content = ByteBuffer.allocate((int) manifest.size() + 1);
      while (in.read(content) >= 0) {
        continue;
      }
      return Arrays.copyOf(content.array(), content.position());
    }
  }

  /** Collects all but some artifacts, keeping all references. */
  static dev.larder.api.CollectionReport collect(Volume volume, Set<Digest> roots)
      throws IOException {
    return volume.collect(() -> roots, () -> Set.copyOf(volume.references()), Cancellation.NEVER);
  }

  static List<Digest> digests(Volume volume) {
    List<Digest> digests = new ArrayList<>();
    volume.artifacts().forEach(artifact -> digests.add(artifact.digest()));
    return digests;
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
