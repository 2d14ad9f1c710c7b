package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.StoredContent;
import dev.larder.api.SwapRequest;
import dev.larder.api.TierState;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cards that are pulled, or die, while something is read from them or written to them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PulledInUseTest {

  private static final byte[] MODEL = Rig.model(1, 6 << 20);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Rig rig;
  private final PullableDriver slot = new PullableDriver();

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
    rig.plugins.drivers().removed(rig.sd);
    rig.plugins.drivers().added("sd", slot, "test", 0);
    rig.tier("card", "sd");
    rig.put("m", MODEL, "card");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static Supplier<IOException> failure(String kind) {
    return switch (kind) {
      case "gone" -> () -> new MediumGoneException("pulled", new IOException("No such device"));
      default -> () -> new IOException("Input/output error");
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "EIO"})
  void aReadInMidWayFailsAndTheCardIsReadAgainWhenItIsBack(String kind) throws Exception {
    try (StoredContent content = rig.core.store().open(Rig.ref("m"));
        ReadableByteChannel channel = content.read(0, content.size())) {
      assertThat(channel.read(ByteBuffer.allocate(100_000))).isPositive();
      slot.fail(failure(kind));
      assertThat(failureOf(channel)).isIn(ErrorCode.TIER_ABSENT, ErrorCode.IO_ERROR);
    }
    rig.awaitState("card", TierState.ABSENT);
    Rig.fails(ErrorCode.TIER_ABSENT, () -> rig.get("m"));
    Rig.fails(
        ErrorCode.TIER_ABSENT,
        () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG)));
    slot.heal();
    rig.awaitState("card", TierState.READY);
    assertThat(rig.get("m")).isEqualTo(MODEL);
  }

  private static ErrorCode failureOf(ReadableByteChannel channel) throws IOException {
    try {
      Channels.newInputStream(channel).readAllBytes();
      throw new AssertionError("read to the end");
    } catch (LarderException e) {
      return e.code();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "EIO"})
  void aPutInMidWayFailsAndLeavesNothing(String kind) throws Exception {
    byte[] bytes = Rig.model(2, 8 << 20);
    PutRequest request = PutRequest.of(Rig.ref("n"), ArtifactKind.MODEL).onTier("card");
    Content content =
        Content.of(new Pulling(bytes, 3 << 20, failure(kind)), OptionalLong.of(bytes.length));
    try {
      rig.core.store().put(request, content);
      throw new AssertionError("stored");
    } catch (LarderException e) {
      assertThat(e.code()).isIn(ErrorCode.TIER_ABSENT, ErrorCode.IO_ERROR);
      assertThat(e.getMessage()).contains("card");
    }
    rig.awaitState("card", TierState.ABSENT);
    assertThat(rig.put("elsewhere", MODEL).tier()).isEqualTo("local");
    slot.heal();
    rig.awaitState("card", TierState.READY);
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("n"));
    assertThat(rig.get("m")).isEqualTo(MODEL);
    rig.put("n", bytes, "card");
    assertThat(rig.get("n")).isEqualTo(bytes);
  }

  /** After so many bytes the card is pulled. */
  private final class Pulling implements ReadableByteChannel {
    private final ByteBuffer left;
    private final int at;
    private final Supplier<IOException> how;

    Pulling(byte[] bytes, int at, Supplier<IOException> how) {
      this.left = ByteBuffer.wrap(bytes);
      this.at = at;
      this.how = how;
    }

    @Override
    public int read(ByteBuffer target) {
      if (!left.hasRemaining()) {
        return -1;
      }
      int length = Math.min(Math.min(left.remaining(), target.remaining()), 64 << 10);
      target.put(left.slice(left.position(), length));
      left.position(left.position() + length);
      if (left.position() > at) {
        slot.fail(how);
      }
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void aTierWhoseWriteFailedIsStillReadAndPutsGoElsewhere() throws Exception {
    slot.failWrites(failure("EIO"));
    Rig.fails(ErrorCode.IO_ERROR, () -> rig.put("n", Rig.model(2, 100_000), "card"));
    rig.awaitState("card", TierState.READ_ONLY);
    assertThat(rig.info("card").reason()).contains("a write to the medium");
    assertThat(rig.get("m")).isEqualTo(MODEL);
    Rig.fails(ErrorCode.READ_ONLY, () -> rig.put("n", Rig.model(2, 100_000), "card"));
    byte[] newer = Rig.model(4, 100_000);
    assertThat(rig.put("m", newer).tier()).isEqualTo("local");
    slot.heal();
    rig.restart();
    rig.plugins.drivers().removed(rig.sd);
    rig.plugins.drivers().added("sd", slot, "test", 0);
    rig.awaitState("card", TierState.READY);
    rig.put("n", Rig.model(3, 100_000), "card");
    assertThat(rig.get("n")).isEqualTo(Rig.model(3, 100_000));
    assertThat(rig.get("m")).isEqualTo(newer);
  }
}
