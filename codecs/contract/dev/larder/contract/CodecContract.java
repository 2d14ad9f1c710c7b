package dev.larder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every codec must do. */
public abstract class CodecContract {

  /** The codec under test. */
  protected abstract Codec codec();

  /** Context of all blocks of these tests. */
  protected BlockContext context() {
    return BlockContext.PLAIN;
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Weights as fp16 of a narrow distribution. */
  private static byte[] weights(int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    while (bytes.remaining() >= 4) {
      bytes.putInt(Float.floatToIntBits((float) (random.nextGaussian() * 0.02)) & 0xFFFF0000);
    }
    return bytes.array();
  }

  private static byte[] text(int length) {
    StringBuilder text = new StringBuilder();
    Random random = new Random(2);
    while (text.length() < length) {
      text.append("BO_ ").append(random.nextInt(2048)).append(" Frame: 8 Gateway\n SG_ Speed : ");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /** Blocks of many kinds and lengths. */
  protected static List<byte[]> blocks() {
    List<byte[]> blocks = new ArrayList<>();
    for (int length : new int[] {1, 2, 3, 4, 7, 8, 15, 16, 255, 256, 257, 4096, 65535, 65536}) {
      blocks.add(new byte[length]);
      blocks.add(random(length, length));
      blocks.add(text(length));
      blocks.add(weights(length));
    }
    byte[] half = new byte[100_000];
    System.arraycopy(random(50_000, 3), 0, half, 0, 50_000);
    System.arraycopy(half, 0, half, 50_000, 50_000);
    blocks.add(half);
    byte[] largest = text(Codec.MAX_BLOCK_BYTES);
    blocks.add(largest);
    blocks.add(random(Codec.MAX_BLOCK_BYTES, 4));
    return blocks;
  }

  private static ByteBuffer buffer(byte[] bytes, boolean direct, int before) {
    int capacity = bytes.length + before + 5;
    ByteBuffer buffer =
        direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    return buffer.position(before).put(bytes).flip().position(before);
  }

  private byte[] encode(BlockEncoder encoder, byte[] block, boolean direct) throws IOException {
    int room = codec().maxEncodedLength(block.length);
    ByteBuffer target = buffer(new byte[room], direct, 3);
    ByteBuffer source = buffer(block, direct, 7);
    int written = encoder.encode(source, context(), target);
    assertThat(source.position()).isEqualTo(7);
    assertThat(source.remaining()).isEqualTo(block.length);
    assertThat(written).isBetween(1, room);
    assertThat(target.position()).isEqualTo(3 + written);
    byte[] stored = new byte[written];
    target.get(3, stored);
    return stored;
  }

  private void decode(BlockDecoder decoder, ByteBuffer source, byte[] block, boolean direct)
      throws IOException {
    ByteBuffer whole = buffer(new byte[block.length + 64], direct, 0);
    for (int i = 0; i < whole.limit(); i++) {
      whole.put(i, (byte) 0x5A);
    }
    ByteBuffer target = whole.duplicate().position(32).limit(32 + block.length);
    int position = source.position();
    decoder.decode(source, context(), target);
    assertThat(target.hasRemaining()).isFalse();
    assertThat(source.position()).isEqualTo(position);
    assertThat(whole.slice(32, block.length).equals(ByteBuffer.wrap(block))).isTrue();
    for (int i = 0; i < 32; i++) {
      assertThat(whole.get(i)).isEqualTo((byte) 0x5A);
      assertThat(whole.get(32 + block.length + i)).isEqualTo((byte) 0x5A);
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.Effort.class)
  void everyBlockComesBack(Codec.Effort effort) throws IOException {
    try (BlockEncoder encoder = codec().newEncoder(effort);
        BlockDecoder decoder = codec().newDecoder(codec().id().version())) {
      for (byte[] block : blocks()) {
        for (boolean direct : new boolean[] {false, true}) {
          byte[] stored = encode(encoder, block, direct);
          decode(decoder, buffer(stored, direct, 2), block, direct);
          decode(decoder, buffer(stored, direct, 2), block, !direct);
          decode(decoder, ByteBuffer.wrap(stored).asReadOnlyBuffer(), block, direct);
        }
      }
    }
  }

  @Test
  void aReadOnlyBlockIsEncoded() throws IOException {
    byte[] block = text(10_000);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      ByteBuffer target = ByteBuffer.allocate(20_000);
      encoder.encode(ByteBuffer.wrap(block).asReadOnlyBuffer(), context(), target);
      decode(decoder, target.flip(), block, true);
    }
  }

  @Test
  void whatDoesNotFitIsSaidAndNothingIsWrittenBeyondTheRoom() throws IOException {
    byte[] block = weights(65536);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      byte[] stored = encode(encoder, block, true);
      for (boolean direct : new boolean[] {false, true}) {
        for (int room : new int[] {0, 1, 5, 17, 18, 19, 100, stored.length - 1}) {
          ByteBuffer target = buffer(new byte[room + 64], direct, 0);
          target.limit(32 + room).position(32);
          int written = encoder.encode(buffer(block, direct, 0), context(), target);
          assertThat(written).as("room %d", room).isEqualTo(BlockEncoder.DOES_NOT_FIT);
          assertThat(target.position()).isEqualTo(32);
          assertThat(target.limit()).isEqualTo(32 + room);
          for (int i = 0; i < 32; i++) {
            assertThat(target.get(i)).isZero();
          }
          target.limit(target.capacity());
          for (int i = 32 + room; i < target.limit(); i++) {
            assertThat(target.get(i)).isZero();
          }
        }
      }
      // A refusal does no harm to the next block.
      decode(decoder, ByteBuffer.wrap(encode(encoder, block, true)), block, true);
    }
  }

  @Test
  void aRefusalDoesNoHarmToABlockWithAnotherReference() throws IOException {
    if (!codec().features().contains(Codec.Feature.REFERENCE)) {
      return;
    }
    byte[] block = weights(20_000);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      for (int i = 0; i < 6; i++) {
        BlockContext context = against(random(20_000, i));
        ByteBuffer little = ByteBuffer.allocate(i % 2 == 0 ? 100 : 0);
        assertThat(encoder.encode(ByteBuffer.wrap(block), context, little))
            .isEqualTo(BlockEncoder.DOES_NOT_FIT);
        ByteBuffer stored = ByteBuffer.allocate(codec().maxEncodedLength(block.length));
        BlockContext other = against(random(20_000, -i));
        encoder.encode(ByteBuffer.wrap(block), other, stored);
        ByteBuffer target = ByteBuffer.allocate(block.length);
        assertThatThrownBy(
                () -> decoder.decode(ByteBuffer.wrap(new byte[] {1}), other, target.duplicate()))
            .isInstanceOf(MalformedBlockException.class);
        decoder.decode(stored.flip(), other, target);
        assertThat(target.array()).isEqualTo(block);
      }
    }
  }

  private static BlockContext against(byte[] reference) {
    return new BlockContext(
        Optional.of(ByteBuffer.wrap(reference)), Optional.empty(), BlockAnnotation.NONE);
  }

  @Test
  void anotherLengthIsRefused() throws IOException {
    byte[] block = text(5000);
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      byte[] stored = encode(encoder, block, false);
      for (int length : new int[] {0, 1, 4999, 5001, 6000, 65536}) {
        for (boolean direct : new boolean[] {false, true}) {
          ByteBuffer target = buffer(new byte[length], direct, 0);
          assertThatThrownBy(() -> decoder.decode(buffer(stored, direct, 0), context(), target))
              .as("length %d", length)
              .isInstanceOf(MalformedBlockException.class);
        }
      }
      decode(decoder, ByteBuffer.wrap(stored), block, false);
    }
  }

  @Test
  void mutatedBytesAreRefusedOrDecodeToTheLength() {
    assertTimeoutPreemptively(Duration.ofSeconds(60), this::mutate);
  }

  private void mutate() throws IOException {
    Random random = new Random(11);
    List<byte[]> samples = new ArrayList<>();
    try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
        BlockDecoder decoder = codec().newDecoder(1)) {
      for (byte[] block : List.of(text(6000), weights(6000), new byte[6000], random(6000, 5))) {
        samples.add(encode(encoder, block, false));
      }
      for (int round = 0; round < 10_000; round++) {
        byte[] hostile = mutation(samples.get(round % samples.size()), random);
        boolean direct = round % 2 == 0;
        ByteBuffer whole = buffer(new byte[6000 + 128], direct, 0);
        ByteBuffer target = whole.duplicate().position(64).limit(64 + 6000);
        try {
          decoder.decode(buffer(hostile, direct, 0), context(), target);
          assertThat(target.hasRemaining()).isFalse();
        } catch (MalformedBlockException e) {
          assertThat(e).hasMessageMatching("(?s).+");
        }
        assertThat(whole.slice(0, 64).equals(ByteBuffer.allocate(64))).isTrue();
        assertThat(whole.slice(64 + 6000, 64).equals(ByteBuffer.allocate(64))).isTrue();
      }
      byte[] block = text(6000);
      decode(decoder, ByteBuffer.wrap(samples.get(0)), block, true);
    }
  }

  private static byte[] mutation(byte[] stored, Random random) {
    byte[] hostile = stored.clone();
    switch (random.nextInt(5)) {
      case 0 -> hostile[random.nextInt(hostile.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> hostile = Arrays.copyOf(hostile, random.nextInt(hostile.length));
      case 2 -> {
        hostile = Arrays.copyOf(hostile, hostile.length + 1 + random.nextInt(20));
        hostile[hostile.length - 1] = (byte) random.nextInt();
      }
      case 3 -> {
        for (int i = 0; i < 8; i++) {
          hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
        }
      }
      default -> {
        int from = random.nextInt(Math.min(32, hostile.length));
        for (int i = from; i < Math.min(hostile.length, from + 12); i++) {
          hostile[i] = (byte) random.nextInt();
        }
      }
    }
    return hostile;
  }

  @Test
  void severalEncodersAndDecodersWorkAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int seed = i;
        done.add(
            threads.submit(
                () -> {
                  Random random = new Random(seed);
                  try (BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
                      BlockDecoder decoder = codec().newDecoder(1)) {
                    for (int round = 0; round < 100; round++) {
                      byte[] block = text(1 + random.nextInt(65536));
                      boolean direct = random.nextBoolean();
                      byte[] stored = encode(encoder, block, direct);
                      decode(decoder, buffer(stored, direct, 0), block, direct);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsClosedSaysSoAndMayBeClosedTwice() {
    BlockEncoder encoder = codec().newEncoder(Codec.Effort.NORMAL);
    BlockDecoder decoder = codec().newDecoder(1);
    encoder.close();
    encoder.close();
    decoder.close();
    decoder.close();
    ByteBuffer some = ByteBuffer.allocate(100);
    assertThatThrownBy(() -> encoder.encode(some, context(), ByteBuffer.allocate(200)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> decoder.decode(some, context(), ByteBuffer.allocate(200)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unknownVersionsAreRefused() {
    assertThat(codec().decodes(codec().id().version())).isTrue();
    assertThat(codec().decodes(99)).isFalse();
    assertThatThrownBy(() -> codec().newDecoder(99)).isInstanceOf(IllegalArgumentException.class);
  }
}
