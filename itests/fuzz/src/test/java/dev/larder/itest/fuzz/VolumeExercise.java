package dev.larder.itest.fuzz;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.IngestSpec;
import dev.larder.store.Manifest;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does with a volume whatever can be done, on one thread. Each step may be refused with a {@link
 * LarderException} that is not {@code INTERNAL}; and whatever the volume holds:
 *
 * <ul>
 *   <li>what is read in any order and what is read in order are the same bytes, each byte once;
 *   <li>an acknowledged put is there and right, now and after the volume was closed and opened;
 *   <li>so is every artifact that was listed.
 * </ul>
 */
final class VolumeExercise {

  /** A gateway that has not written to the volume. */
  static final UUID ANOTHER = new UUID(0x77, 0x99);

  private static final long MOST_READ = 8 << 20;
  private static final int MOST_ARTIFACTS = 16;
  private static final FormatId FIXED = new FormatId("dev.larder.test.fixed", 1);
  private static final RealCodecs CODECS = new RealCodecs();
  private static final ExecutorService NOBODY = nobody();

  private final Medium medium;
  private final Stamps stamps;

  private VolumeExercise(Medium medium, UUID gateway) {
    this.medium = medium;
    this.stamps = new Stamps(gateway, Clock.systemUTC());
  }

  /** Takes no task, so that the caller does all: its cost can be measured and it is repeatable. */
  private static ExecutorService nobody() {
    ExecutorService none = Executors.newSingleThreadExecutor();
    none.shutdown();
    return none;
  }

  /** What may be refused. */
  private interface Step<T> {
    T run() throws IOException;
  }

  /** Opens the volume, uses it and opens it again. */
  static void run(Medium medium, UUID gateway) throws IOException {
    new VolumeExercise(medium, gateway).run();
  }

  private void run() throws IOException {
    Optional<Volume> opened = attempt(this::open);
    if (opened.isEmpty()) {
      return;
    }
    Volume volume = opened.get();
    readAll(volume);
    attempt(() -> volume.scrub(Cancellation.NEVER));
    byte[] content = content();
    Optional<Digest> put = attempt(() -> put(volume, content));
    put.ifPresent(digest -> requireContent(volume, digest, content));
    Set<Digest> roots = keepHalf(volume);
    put.ifPresent(roots::add);
    attempt(
        () ->
            volume.collect(
                () -> roots, () -> new HashSet<>(volume.references()), Cancellation.NEVER));
    put.ifPresent(digest -> requireContent(volume, digest, content));
    readAll(volume);
    attempt(volume::statistics);
    Set<Digest> before = digests(volume);
    boolean closed = attempt(() -> closed(volume)).isPresent();
    if (closed) {
      openAgain(before, put, content);
    }
  }

  private Volume open() throws IOException {
    return Volume.open(medium, new VolumeContext(stamps, CODECS, NOBODY, 1));
  }

  private static boolean closed(Volume volume) throws IOException {
    volume.close();
    return true;
  }

  private void openAgain(Set<Digest> before, Optional<Digest> put, byte[] content)
      throws IOException {
    try (Volume again = open()) {
      if (!digests(again).equals(before)) {
        throw new AssertionError(
            "listed before it was closed " + before + ", then " + digests(again));
      }
      put.ifPresent(digest -> requireContent(again, digest, content));
      readAll(again);
    } catch (LarderException e) {
      throw new AssertionError("opened once, and not again: " + e.describe(), e);
    }
  }

  /** A step's result; empty if it was refused properly. */
  private static <T> Optional<T> attempt(Step<T> step) throws IOException {
    try {
      return Optional.of(step.run());
    } catch (LarderException e) {
      if (e.code() == ErrorCode.INTERNAL) {
        throw new AssertionError(e.describe(), e);
      }
      return Optional.empty();
    }
  }

  private static Set<Digest> digests(Volume volume) {
    Set<Digest> digests = new HashSet<>();
    volume.artifacts().forEach(entry -> digests.add(entry.digest()));
    return digests;
  }

  private static Set<Digest> keepHalf(Volume volume) {
    Set<Digest> roots = new HashSet<>();
    for (Digest digest : digests(volume)) {
      if ((digest.d() & 1) == 0) {
        roots.add(digest);
      }
    }
    return roots;
  }

  private static void readAll(Volume volume) throws IOException {
    int read = 0;
    for (ArtifactEntry artifact : volume.artifacts()) {
      if (artifact.size() <= MOST_READ && read++ < MOST_ARTIFACTS) {
        attempt(() -> volume.exclusiveBytes(artifact.digest()));
        Optional<Manifest> manifest = attempt(() -> volume.manifest(artifact.digest()));
        if (manifest.isPresent()) {
          readOne(volume, manifest.get());
        }
      }
    }
  }

  private static void readOne(Volume volume, Manifest manifest) throws IOException {
    Optional<byte[]> anyOrder = attempt(() -> read(volume, manifest));
    Optional<byte[]> inOrder = attempt(() -> readInOrder(volume, manifest));
    if (anyOrder.isPresent()
        && inOrder.isPresent()
        && !Arrays.equals(anyOrder.get(), inOrder.get())) {
      throw new AssertionError(manifest.digest() + " is read in two ways as different bytes");
    }
  }

  private static byte[] read(Volume volume, Manifest manifest) throws IOException {
    byte[] content = new byte[(int) manifest.size()];
    BitSet seen = new BitSet();
    volume.read(
        manifest,
        0,
        content.length,
        (offset, bytes) -> {
          int from = (int) offset;
          int to = from + bytes.remaining();
          if (seen.nextSetBit(from) >= 0 && seen.nextSetBit(from) < to) {
            throw new AssertionError("bytes " + from + " to " + to + " were delivered before");
          }
          seen.set(from, to);
          bytes.get(content, from, bytes.remaining());
        },
        Cancellation.NEVER);
    if (seen.cardinality() != content.length) {
      throw new AssertionError(seen.cardinality() + " of " + content.length + " bytes delivered");
    }
    return content;
  }

  private static byte[] readInOrder(Volume volume, Manifest manifest) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) manifest.size() + 1);
    try (ReadableByteChannel channel = volume.open(manifest, 0, manifest.size())) {
      while (channel.read(content) >= 0) {
        continue;
      }
    }
    return Arrays.copyOf(content.array(), content.position());
  }

  private static byte[] content() {
    byte[] content = new byte[9_000];
    new Random(0x5EED).nextBytes(content);
    Arrays.fill(content, 0, 4_000, (byte) 'x');
    return content;
  }

  private Digest put(Volume volume, byte[] content) throws IOException {
    IngestSpec spec =
        new IngestSpec(
            ArtifactKind.MODEL,
            OptionalLong.of(content.length),
            FIXED,
            new FourKib(),
            annotation -> RealCodecs.ALL.get(0).id(),
            Cancellation.NEVER);
    ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(content));
    try (StagedArtifact staged = volume.ingest(spec, channel)) {
      volume.commit(
          List.of(
              new Change.Add(staged),
              new Change.Point(
                  new ReferenceChange(
                      Reference.parse("fuzz/put"),
                      Optional.of(staged.digest()),
                      stamps.next(),
                      0))));
      return staged.digest();
    }
  }

  private static void requireContent(Volume volume, Digest digest, byte[] content) {
    try {
      byte[] read = read(volume, volume.manifest(digest));
      if (!Arrays.equals(read, content) || !digest.equals(sha256(read))) {
        throw new AssertionError("an acknowledged put is read as other bytes");
      }
    } catch (IOException e) {
      throw new AssertionError("an acknowledged put cannot be read: " + e, e);
    }
  }

  private static Digest sha256(byte[] bytes) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class FourKib implements BlockCutter {
    @Override
    public int maxBlockBytes() {
      return 4 << 10;
    }

    @Override
    public String parameters() {
      return "size=4096";
    }

    @Override
    public Cut next(ByteBuffer window, boolean last) {
      return Cut.of(Math.min(4 << 10, window.remaining()));
    }
  }
}
