package dev.larder.itest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.chunker.fastcdc.FastCdcChunker;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.chunker.tensor.TensorChunker;
import dev.larder.media.simulated.DiskSpec;
import dev.larder.media.simulated.SimulatedDisk;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Change;
import dev.larder.store.CodecChoice;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.Manifest;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A property: what was put comes back, whatever the content, the chunker, the codec and the
 * predecessor. Contents of all kinds go through every combination of them, as versions of one
 * another, on a volume that is closed and collected in between. {@code -Dlarder.long=true} takes
 * fifty times as many seeds; {@code -Dlarder.seed=N} takes one.
 */
class RoundTripTest {

  private static final int SEEDS = 40;
  private static final int LONG_FACTOR = 50;
  private static final long CAPACITY = 256L << 20;

  private static final List<Chunker> CHUNKERS =
      List.of(new FixedChunker(), new FastCdcChunker(), new TensorChunker());

  private static final List<FormatId> CODECS =
      Stream.concat(Stream.of(Codecs.NONE), RealCodecs.ALL.stream().map(Codec::id)).toList();

  private static final ExecutorService WORKERS = Executors.newFixedThreadPool(1);

  private final RealCodecs codecs = new RealCodecs();

  @AfterAll
  static void end() {
    WORKERS.shutdown();
  }

  static LongStream seeds() {
    Long one = Long.getLong("larder.seed");
    int count = Boolean.getBoolean("larder.long") ? SEEDS * LONG_FACTOR : SEEDS;
    return one == null ? LongStream.range(0, count) : LongStream.of(one);
  }

  /** One of the codecs, and deltas and dictionaries by those that can. */
  private record Choice(FormatId codec, Optional<FormatId> delta) implements CodecChoice {
    @Override
    public FormatId codecFor(BlockAnnotation annotation) {
      return codec;
    }

    @Override
    public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
      return delta;
    }

    @Override
    public Optional<FormatId> dictionaryCodec() {
      return delta;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatWasPutComesBack(long seed) throws IOException {
    Random random = new Random(seed);
    Versions versions = new Versions(random);
    List<byte[]> contents = new ArrayList<>(List.of(versions.first()));
    for (int i = 0; i < 3; i++) {
      contents.add(versions.next(contents.get(random.nextInt(contents.size()))));
    }
    for (Chunker chunker : CHUNKERS) {
      for (FormatId codec : CODECS) {
        Optional<FormatId> delta =
            RealCodecs.ALL.stream()
                .filter(each -> each.features().contains(Codec.Feature.REFERENCE))
                .map(Codec::id)
                .skip(random.nextInt(2))
                .findFirst();
        live(contents, chunker, new Choice(codec, delta), seed);
      }
    }
  }

  private Volume open(SimulatedDisk disk) throws IOException {
    Stamps stamps = new Stamps(new UUID(1, 1), Clock.systemUTC());
    return Volume.open(disk.open(), new VolumeContext(stamps, codecs, WORKERS, 1));
  }

  private void live(List<byte[]> contents, Chunker chunker, Choice choice, long seed)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk(DiskSpec.of("disk", CAPACITY), seed);
    List<Digest> digests = new ArrayList<>();
    try (Volume volume = open(disk)) {
      for (byte[] content : contents) {
        digests.add(put(volume, content, chunker, choice, last(digests)));
        verify(volume, digests, contents);
      }
    }
    try (Volume volume = open(disk)) {
      verify(volume, digests, contents);
      Set<Digest> roots = new HashSet<>(digests.subList(digests.size() - 1, digests.size()));
      volume.collect(() -> roots, Set::of, Cancellation.NEVER);
      verify(
          volume,
          digests.subList(digests.size() - 1, digests.size()),
          List.of(last(contents).get()));
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
    }
  }

  private static <T> Optional<T> last(List<T> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
  }

  private static Digest put(
      Volume volume, byte[] content, Chunker chunker, Choice choice, Optional<Digest> before)
      throws IOException {
    ArtifactKind kind = content.length < 3000 ? ArtifactKind.PROTOCOL_DATA : ArtifactKind.MODEL;
    ContentProbe probe =
        new ContentProbe(
            kind,
            OptionalLong.of(content.length),
            ByteBuffer.wrap(content).asReadOnlyBuffer(),
            Optional.empty());
    IngestSpec spec =
        new IngestSpec(
            kind,
            OptionalLong.of(content.length),
            chunker.id(),
            chunker.newCutter(probe, ""),
            choice,
            Cancellation.NEVER,
            before);
    try (ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(content));
        StagedArtifact staged = volume.ingest(spec, channel)) {
      if (!staged.present()) {
        volume.commit(List.of(new Change.Add(staged)));
      }
      return staged.digest();
    }
  }

  private static void verify(Volume volume, List<Digest> digests, List<byte[]> contents)
      throws IOException {
    for (int i = 0; i < digests.size(); i++) {
      byte[] content = contents.get(i);
      Manifest manifest = volume.manifest(digests.get(i));
      ByteBuffer read = ByteBuffer.allocate(content.length + 1);
      try (ReadableByteChannel channel = volume.open(manifest, 0, manifest.size())) {
        while (channel.read(read) >= 0) {}
      }
      assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(content));
      byte[] anyOrder = new byte[content.length];
      volume.read(
          manifest,
          0,
          manifest.size(),
          (offset, bytes) -> bytes.get(anyOrder, Math.toIntExact(offset), bytes.remaining()),
          Cancellation.NEVER);
      assertThat(anyOrder).isEqualTo(content);
    }
  }
}
