package dev.larder.codec.planes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.contract.CodecContract;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.Codec.Effort;
import dev.larder.spi.codec.MalformedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanesCodecTest extends CodecContract {

  private static final int BLOCK = 64 << 10;

  @Override
  protected Codec codec() {
    return new PlanesCodec();
  }

  /** What a block is encoded against a reference of the same length. */
  @Nested
  final class AgainstAReference extends CodecContract {

    @Override
    protected Codec codec() {
      return new PlanesCodec();
    }

    @Override
    protected BlockContext context() {
      return against(Weights.bf16(20_000, 0.02, 7));
    }
  }

  private static BlockContext against(byte[] reference) {
    return new BlockContext(
        Optional.of(ByteBuffer.wrap(reference).asReadOnlyBuffer()),
        Optional.empty(),
        BlockAnnotation.NONE);
  }

  /** Weights as models have them. */
  private static final class Weights {

    private static byte[] fp32(int bytes, double sigma, long seed) {
      ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      Random random = new Random(seed);
      while (out.remaining() >= 4) {
        out.putFloat((float) (random.nextGaussian() * sigma));
      }
      return out.array();
    }

    private static byte[] bf16(int bytes, double sigma, long seed) {
      ByteBuffer in = ByteBuffer.wrap(fp32(2 * bytes, sigma, seed)).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (out.remaining() >= 2) {
        out.putShort((short) (in.getInt() >>> 16));
      }
      return out.array();
    }

    /** Each a little more or less. */
    private static byte[] tuned(byte[] before, int size, long seed) {
      ByteBuffer out = ByteBuffer.wrap(before.clone()).order(ByteOrder.LITTLE_ENDIAN);
      Random random = new Random(seed);
      for (int at = 0; at + size <= before.length; at += size) {
        int change = (int) (random.nextGaussian() * (size == 2 ? 2 : 4000));
        if (size == 2) {
          out.putShort(at, (short) (out.getShort(at) + change));
        } else {
          out.putInt(at, out.getInt(at) + change);
        }
      }
      return out.array();
    }
  }

  private static byte[] encode(byte[] block, BlockContext context) throws IOException {
    try (BlockEncoder encoder = new PlanesCodec().newEncoder(Effort.NORMAL);
        BlockDecoder decoder = new PlanesCodec().newDecoder(2)) {
      ByteBuffer stored = ByteBuffer.allocate(new PlanesCodec().maxEncodedLength(block.length));
      int bytes = encoder.encode(ByteBuffer.wrap(block), context, stored);
      ByteBuffer target = ByteBuffer.allocate(block.length);
      decoder.decode(stored.flip(), context, target);
      assertThat(target.array()).isEqualTo(block);
      return Arrays.copyOf(stored.array(), bytes);
    }
  }

  private static Layout layout(byte[] stored) throws MalformedBlockException {
    return Layout.decode(stored[0]);
  }

  @ParameterizedTest
  @CsvSource({"2, 1.45", "4, 1.15"})
  void weightsTakeWhatTheirExponentsAndMantissasTake(int size, double ratio) throws IOException {
    byte[] block = size == 2 ? Weights.bf16(BLOCK, 0.02, 1) : Weights.fp32(BLOCK, 0.02, 1);
    byte[] stored = encode(block, BlockContext.PLAIN);
    assertThat(layout(stored))
        .isEqualTo(new Layout(size, true, 0, true, false, Layout.Relation.NONE));
    assertThat((double) BLOCK / stored.length).isGreaterThan(ratio);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void thePhaseIsFoundAndWhatIsInNoNumberKept(int phase) throws IOException {
    for (int size : new int[] {2, 4}) {
      byte[] weights = size == 2 ? Weights.bf16(BLOCK, 0.02, 1) : Weights.fp32(BLOCK, 0.02, 1);
      byte[] block = Arrays.copyOfRange(weights, phase, BLOCK - phase / 2);
      byte[] stored = encode(block, BlockContext.PLAIN);
      assertThat(layout(stored).size()).isEqualTo(size);
      assertThat(layout(stored).phase()).isEqualTo(Math.floorMod(-phase, size));
    }
  }

  @Test
  void textIsOneFrameOfOneByteMoreThanZstandard() throws IOException {
    byte[] block = "BO_ 257 Frame: 8 Gateway SG_ Speed 0|16@1+ (0.1,0)".repeat(900).getBytes();
    byte[] stored = encode(block, BlockContext.PLAIN);
    assertThat(layout(stored)).isEqualTo(Layout.BYTES);
    assertThat(stored.length).isLessThan(120);
  }

  @Test
  void weightsThatRepeatAreStoredOnce() throws IOException {
    byte[] once = Weights.bf16(4 << 10, 0.02, 1);
    byte[] block = new byte[BLOCK];
    for (int at = 0; at < BLOCK; at += once.length) {
      System.arraycopy(once, 0, block, at, once.length);
    }
    assertThat(encode(block, BlockContext.PLAIN).length).isLessThan(once.length + 100);
  }

  @ParameterizedTest
  @CsvSource({"2, 3.0", "4, 1.9"})
  void aFineTuneIsADifferenceOfNumbers(int size, double ratio) throws IOException {
    byte[] before = size == 2 ? Weights.bf16(BLOCK, 0.02, 1) : Weights.fp32(BLOCK, 0.02, 1);
    byte[] stored = encode(Weights.tuned(before, size, 2), against(before));
    assertThat(layout(stored).relation()).isEqualTo(Layout.Relation.SUBTRACTED);
    assertThat((double) BLOCK / stored.length).isGreaterThan(ratio);
  }

  @Test
  void anEditThatMovesBytesRefersToThoseOfTheReference() throws IOException {
    byte[] before = Weights.fp32(BLOCK, 0.02, 1);
    byte[] after = new byte[BLOCK];
    System.arraycopy(before, 0, after, 104, BLOCK - 104);
    byte[] stored = encode(after, against(before));
    assertThat(layout(stored).relation()).isEqualTo(Layout.Relation.PREFIXED);
    assertThat(stored.length).isLessThan(200);
  }

  @Test
  void referencesOfOtherLengthsServe() throws IOException {
    Random random = new Random(3);
    byte[] before = Weights.bf16(BLOCK, 0.02, 1);
    for (int i = 0; i < 200; i++) {
      byte[] block = Weights.tuned(Arrays.copyOf(before, 1 + random.nextInt(BLOCK)), 2, i);
      byte[] base = Arrays.copyOf(before, 1 + random.nextInt(BLOCK));
      assertThat(encode(block, against(base)).length).isPositive();
    }
  }

  @Test
  void differencesOfAllNumbersComeBack() {
    for (int size : new int[] {1, 2, 4}) {
      byte[] all = new byte[4 << 16];
      new Random(size).nextBytes(all);
      byte[] reference = new byte[all.length];
      new Random(-size).nextBytes(reference);
      byte[] changed = all.clone();
      int count = (all.length - 3) / size;
      Difference.subtract(changed, reference, 3, size, count);
      Difference.add(changed, reference, 3, size, count);
      assertThat(changed).isEqualTo(all);
    }
  }

  @Test
  void aReferenceThatIsMissingIsSaid() throws IOException {
    byte[] before = Weights.bf16(BLOCK, 0.02, 1);
    byte[] stored = encode(Weights.tuned(before, 2, 2), against(before));
    try (BlockDecoder decoder = codec().newDecoder(1)) {
      assertThatThrownBy(
              () ->
                  decoder.decode(
                      ByteBuffer.wrap(stored), BlockContext.PLAIN, ByteBuffer.allocate(BLOCK)))
          .isInstanceOf(MalformedBlockException.class)
          .hasMessageContaining("reference");
    }
  }

  /** Weights of one byte, each a little more or less than before, or the same. */
  private static byte[] requantised(byte[] before, long seed) {
    byte[] after = before.clone();
    Random random = new Random(seed);
    for (int at = 0; at < after.length; at++) {
      after[at] += (byte) Math.round(random.nextGaussian() * 0.5);
    }
    return after;
  }

  private static byte[] int8(int bytes, double sigma, long seed) {
    byte[] weights = new byte[bytes];
    Random random = new Random(seed);
    for (int at = 0; at < bytes; at++) {
      weights[at] = (byte) Math.round(random.nextGaussian() * sigma);
    }
    return weights;
  }

  @Test
  void tensorsThatWereMovedAndRequantisedAreDifferences() throws IOException {
    byte[] before = int8(BLOCK, 30, 1);
    byte[] after = new byte[BLOCK];
    byte[] changed = requantised(before, 2);
    int[][] tensors = {{0, 40_000, 20_000}, {20_000, 100, 30_000}, {50_000, 30_200, 9_000}};
    for (int[] tensor : tensors) {
      System.arraycopy(changed, tensor[1], after, tensor[0], tensor[2]);
    }
    byte[] stored = encode(after, against(before));
    assertThat(layout(stored).relation()).isEqualTo(Layout.Relation.SUBTRACTED);
    assertThat(layout(stored).aligned()).isTrue();
    assertThat(stored.length).isLessThan(BLOCK / 4);
  }

  @Test
  void whatIsNearlyAllZeroTakesLessThanABitForEachByte() throws IOException {
    byte[] pruned = int8(BLOCK, 0.3, 1);
    assertThat(encode(pruned, BlockContext.PLAIN).length).isLessThan(BLOCK / 10);
    byte[] before = int8(BLOCK, 30, 1);
    byte[] stored = encode(requantised(before, 2), against(before));
    assertThat(stored.length).isLessThan(BLOCK / 5);
  }

  @Test
  void anyMixtureOfSparseBytesComesBack() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      byte[] block = int8(1 + random.nextInt(9_000), random.nextDouble() * 2, i);
      assertThat(encode(block, BlockContext.PLAIN)).isNotEmpty();
      byte[] base = int8(1 + random.nextInt(9_000), random.nextDouble() * 40, i / 2);
      int moved = random.nextInt(base.length);
      byte[] shifted = Arrays.copyOfRange(base, moved, moved + block.length);
      assertThat(encode(requantised(shifted, i), against(base))).isNotEmpty();
    }
  }

  /** There were no planes of numbers of one byte: one frame of all differences. */
  @Test
  void formsOfTheFirstVersionAreRead() throws IOException {
    byte[] before = int8(4_000, 30, 1);
    byte[] after = requantised(before, 2);
    byte[] differences = after.clone();
    Difference.subtract(differences, before, 0, 1, after.length);
    byte[] stored = new byte[8_000];
    stored[0] = (byte) (Layout.Relation.SUBTRACTED.ordinal() << 6);
    int bytes;
    try (Frames frames = new Frames(3)) {
      bytes = 1 + frames.write(differences, 0, after.length, stored, 1, stored.length - 1);
    }
    ByteBuffer target = ByteBuffer.allocate(after.length);
    try (BlockDecoder decoder = codec().newDecoder(1)) {
      decoder.decode(ByteBuffer.wrap(stored, 0, bytes), against(before), target);
    }
    assertThat(target.array()).isEqualTo(after);
    assertThat(codec().decodes(1) && codec().decodes(2)).isTrue();
    assertThat(codec().decodes(3)).isFalse();
  }
}
