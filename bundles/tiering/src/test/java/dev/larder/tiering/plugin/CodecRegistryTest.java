package dev.larder.tiering.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.MalformedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CodecRegistryTest {

  private static final FormatId V1 = new FormatId("test.codec.xor", 1);
  private static final FormatId V2 = new FormatId("test.codec.xor", 2);

  private final CodecRegistry registry = new CodecRegistry(2, Duration.ofSeconds(10));

  private static ByteBuffer block(int length) {
    ByteBuffer block = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      block.put(i, (byte) i);
    }
    return block;
  }

  private void roundTrip(FormatId id) throws IOException {
    ByteBuffer source = block(100);
    ByteBuffer stored = ByteBuffer.allocate(200).position(7);
    int written = registry.encode(id, source, BlockContext.PLAIN, stored);
    assertThat(written).isEqualTo(100);
    assertThat(stored.position()).isEqualTo(107);
    assertThat(source.remaining()).isEqualTo(100);
    stored.flip().position(7);
    ByteBuffer back = ByteBuffer.allocate(100);
    registry.decode(id, stored, BlockContext.PLAIN, back);
    assertThat(stored.remaining()).isEqualTo(100);
    assertThat(back.flip()).isEqualTo(source);
  }

  @Test
  void encodesAndDecodesAndPools() throws Exception {
    XorCodec codec = new XorCodec(V1);
    registry.added(codec, "b 1.0", 0);
    for (int i = 0; i < 10; i++) {
      roundTrip(V1);
    }
    assertThat(codec.made).hasValue(2); // one encoder, one decoder
    assertThat(registry.removed(codec)).isTrue();
    assertThat(codec.open).hasValue(0);
    assertThat(registry.health()).isEmpty();
  }

  @Test
  void findsByShortNameAndByFormat() {
    registry.added(new XorCodec(V1), "b 1.0", 0);
    assertThat(registry.find("xor")).contains(V1);
    assertThat(registry.find("test.codec.xor")).contains(V1);
    assertThat(registry.find("zstd")).isEmpty();
    assertThat(registry.codecs())
        .containsExactly(new PluginInfo("test.codec.xor", "b 1.0", 0, true));
  }

  @Test
  void missingCodecIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> roundTrip(V1))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CODEC_MISSING);
              assertThat(e.getMessage()).contains("test.codec.xor/1");
              assertThat(e.advice()).contains("install");
            });
    registry.added(new XorCodec(V1), "b", 0);
    assertThatThrownBy(() -> roundTrip(V2))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("format version 2");
  }

  @Test
  void oldDataIsReadByWhicheverGenerationCan() throws Exception {
    XorCodec old = new XorCodec(V1);
    registry.added(old, "b 1.0", 0);
    registry.added(new XorCodec(V2), "b 2.0", 0); // does not read version 1
    roundTrip(V2);
    roundTrip(V1);
    assertThat(registry.removed(old)).isTrue();
    assertThat(old.open).hasValue(0);
    assertThatThrownBy(() -> roundTrip(V1)).isInstanceOf(LarderException.class);
  }

  @Test
  void replacedCodecIsClosedWhenItsLastCallHasEnded() throws Exception {
    XorCodec old = new XorCodec(V1);
    registry.added(old, "b 1.0", 0);
    roundTrip(V1);
    assertThat(old.open).hasValue(2);
    registry.added(new XorCodec(V1), "b 1.1", 0);
    assertThat(old.open).hasValue(0);
  }

  @Test
  void whatDoesNotFitIsToldAndLeavesTheTargetAlone() throws Exception {
    registry.added(new XorCodec(V1), "b", 0);
    ByteBuffer small = ByteBuffer.allocate(50);
    assertThat(registry.encode(V1, block(100), BlockContext.PLAIN, small)).isEqualTo(-1);
    assertThat(small.position()).isZero();
  }

  @Test
  void aCodecThatThrowsCostsATypedErrorAndShowsInTheHealth() throws Exception {
    for (Throwable failure : List.of(new IllegalStateException("boom"), new LinkageError("boom"))) {
      XorCodec codec = new XorCodec(V1);
      registry.added(codec, "b", 0);
      codec.failure = failure;
      ByteBuffer target = ByteBuffer.allocate(200);
      assertThatThrownBy(() -> registry.encode(V1, block(10), BlockContext.PLAIN, target))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
      assertThat(target.position()).isZero();
      assertThatThrownBy(
              () -> registry.decode(V1, block(10), BlockContext.PLAIN, ByteBuffer.allocate(10)))
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("boom");
      assertThat(registry.health()).singleElement().asString().contains("failed 2 times", "boom");
      assertThat(codec.open).hasValue(0); // one that failed is not used again
      codec.failure = null;
      roundTrip(V1);
      registry.removed(codec);
      assertThat(registry.health()).isEmpty();
    }
  }

  @Test
  void malformedBlocksPassThroughAndTooShortOnesAreMalformed() {
    XorCodec codec = new XorCodec(V1);
    registry.added(codec, "b", 0);
    assertThatThrownBy(
            () -> registry.decode(V1, block(9), BlockContext.PLAIN, ByteBuffer.allocate(10)))
        .isInstanceOf(MalformedBlockException.class);
    codec.lies = true;
    assertThatThrownBy(
            () -> registry.decode(V1, block(10), BlockContext.PLAIN, ByteBuffer.allocate(10)))
        .isInstanceOf(MalformedBlockException.class);
    assertThatThrownBy(
            () -> registry.encode(V1, block(10), BlockContext.PLAIN, ByteBuffer.allocate(10)))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("said it wrote");
  }

  @Test
  void aCodecThatCannotSayWhatItIsIsRefused() {
    XorCodec codec = new XorCodec(null);
    assertThatCode(() -> registry.added(codec, "bad.bundle 1.0", 0)).doesNotThrowAnyException();
    assertThat(registry.codecs()).isEmpty();
    assertThat(registry.health()).singleElement().asString().contains("bad.bundle 1.0");
    registry.removed(codec);
    assertThat(registry.health()).isEmpty();
  }

  @Test
  void codecsComeAndGoUnderLoadWithoutAFailedCall() throws Exception {
    registry.added(new XorCodec(V1), "b 1.0", -1);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong calls = new AtomicLong();
    ExecutorService workers = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(
          workers.submit(
              () -> {
                while (!stop.get()) {
                  roundTrip(V1);
                  calls.incrementAndGet();
                }
                return null;
              }));
    }
    for (int i = 0; i < 1_000; i++) {
      XorCodec next = new XorCodec(V1);
      registry.added(next, "b 1." + i, 0);
      assertThat(registry.removed(next)).isTrue();
      assertThat(next.open).hasValue(0);
    }
    stop.set(true);
    for (Future<?> worker : running) {
      worker.get(10, TimeUnit.SECONDS);
    }
    workers.shutdown();
    assertThat(calls.get()).isPositive();
    assertThat(registry.health()).isEmpty();
  }
}
