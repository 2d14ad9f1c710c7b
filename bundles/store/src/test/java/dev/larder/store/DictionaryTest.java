package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Small protocol files that have most of their words in common. */
class DictionaryTest {

  private static final int BLOCK = 16 << 10;

  /** So many are more than a dictionary is trained from. */
  private static final int MANY = 150;

  private final Bench bench = new Bench(BLOCK);
  private final MemoryDisk disk = new MemoryDisk();

  @AfterEach
  void closeBench() {
    bench.close();
  }

  private static final class WithDictionaries implements CodecChoice {
    @Override
    public FormatId codecFor(BlockAnnotation annotation) {
      return TestCodecs.DEFLATE;
    }

    @Override
    public Optional<FormatId> dictionaryCodec() {
      return Optional.of(TestCodecs.DEFLATE);
    }

    @Override
    public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
      return Optional.of(TestCodecs.DEFLATE);
    }
  }

  private StagedArtifact stage(Volume volume, byte[] content, ArtifactKind kind, Digest before)
      throws IOException {
    IngestSpec spec =
        new IngestSpec(
            kind,
            OptionalLong.of(content.length),
            Bench.FIXED,
            bench.cutter(BLOCK),
            new WithDictionaries(),
            Cancellation.NEVER,
            Optional.ofNullable(before));
    return volume.ingest(spec, Bench.channel(content));
  }

  private long put(Volume volume, byte[] content) throws IOException {
    return put(volume, content, ArtifactKind.PROTOCOL_DATA, null);
  }

  /** Returns how many bytes were stored. */
  private long put(Volume volume, byte[] content, ArtifactKind kind, Digest before)
      throws IOException {
    try (StagedArtifact staged = stage(volume, content, kind, before)) {
      volume.commit(List.of(new Change.Add(staged)));
      return staged.storedBytes();
    }
  }

  /** Words of one language, in an order of its own. */
  private static byte[] file(String start, int number) {
    Random language = new Random(start.hashCode());
    String[] words = new String[400];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(language.nextLong(), 36);
    }
    StringBuilder text = new StringBuilder(start);
    Random random = new Random(number);
    while (text.length() < 2500) {
      text.append(' ').append(words[random.nextInt(words.length)]);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private List<byte[]> putMany(Volume volume, String start, int from) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      files.add(file(start, from + i));
      put(volume, files.get(i));
    }
    return files;
  }

  private static void verify(Volume volume, List<byte[]> files) throws IOException {
    for (byte[] file : files) {
      assertThat(Bench.get(volume, Bench.digest(file))).isEqualTo(file);
    }
    assertThat(volume.scrub(Cancellation.NEVER).bad()).isZero();
  }

  private static Digest digest(byte[] content) {
    return Bench.digest(content);
  }

  @Test
  void filesOfAFamilyTakeLessOnceThereHaveBeenSome() throws IOException {
    try (Volume volume = bench.open(disk)) {
      long first = put(volume, file("{\"", 0));
      List<byte[]> files = putMany(volume, "{\"", 1);
      long last = put(volume, file("{\"", -1));
      assertThat(last).isLessThan(first / 2);
      assertThat(put(volume, file("VERSION", 0))).isGreaterThan(first / 2); // another family
      assertThat(put(volume, file("{\"", -2), ArtifactKind.MODEL, null)).isGreaterThan(first / 2);
      verify(volume, files);
    }
    try (Volume volume = bench.open(disk)) {
      assertThat(put(volume, file("{\"", -3))).isLessThan(1000); // with the one that it has
      assertThat(Bench.get(volume, digest(file("{\"", -1)))).isEqualTo(file("{\"", -1));
    }
  }

  @Test
  void aDictionaryIsKeptAsLongAsAFileNeedsIt() throws IOException {
    byte[] last = file("{\"", -1);
    try (Volume volume = bench.open(disk)) {
      putMany(volume, "{\"", 1);
      put(volume, last);
      Bench.collect(volume, Set.of(digest(last)));
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(2);
      verify(volume, List.of(last));
    }
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume volume = bench.open(disk)) {
      verify(volume, List.of(last));
      Bench.collect(volume, Set.of());
      assertThat(volume.statistics().uniqueBlocks()).isZero();
      assertThat(put(volume, file("{\"", -2))).isGreaterThan(1000); // stands alone again
      verify(volume, List.of(file("{\"", -2)));
    }
  }

  @Test
  void aVersionIsADeltaAgainstAFileThatHasADictionary() throws IOException {
    byte[] first = file("{\"", -1);
    byte[] second = first.clone();
    second[1000] ^= 1;
    byte[] third = second.clone();
    third[2000] ^= 1;
    try (Volume volume = bench.open(disk)) {
      putMany(volume, "{\"", 1);
      put(volume, first);
      assertThat(put(volume, second, ArtifactKind.PROTOCOL_DATA, digest(first))).isLessThan(100);
      assertThat(put(volume, third, ArtifactKind.PROTOCOL_DATA, digest(second))).isLessThan(100);
      Bench.collect(volume, Set.of(digest(third)));
      assertThat(volume.statistics().uniqueBlocks()).isEqualTo(3); // base and dictionary
      verify(volume, List.of(third));
    }
    try (Volume volume = bench.open(disk)) {
      verify(volume, List.of(third));
    }
  }

  @Test
  void aDictionaryThatIsOfNoUseAnyMoreIsReplaced() throws IOException {
    try (Volume volume = bench.open(disk)) {
      putMany(volume, "{\"", 1);
      assertThat(put(volume, file("{\"", -1))).isLessThan(1000);
      putMany(volume, "{\"anew", 1); // begins alike
      List<byte[]> files = putMany(volume, "{\"anew", 1000);
      assertThat(put(volume, file("{\"anew", -1))).isLessThan(1000);
      verify(volume, files);
    }
  }

  @Test
  void whatHasADamagedDictionaryIsDamagedAndHealsWhenItIsPutAgain() throws IOException {
    byte[] last = file("{\"", -1);
    try (Volume volume = bench.open(disk)) {
      putMany(volume, "{\"", 1);
      put(volume, last);
      Bench.collect(volume, Set.of(digest(last)));
    }
    MemoryDisk.Pack pack = disk.packs.values().iterator().next();
    pack.bytes[10_000] ^= 1; // in the dictionary, which is by far the longest
    try (Volume volume = bench.open(disk)) {
      assertThatThrownBy(() -> Bench.get(volume, digest(last)))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      assertThat(volume.damaged(Cancellation.NEVER)).hasSize(1);
      put(volume, last);
      assertThat(volume.damaged(Cancellation.NEVER)).isEmpty();
      Bench.collect(volume, Set.of(digest(last)));
      verify(volume, List.of(last));
    }
  }
}
