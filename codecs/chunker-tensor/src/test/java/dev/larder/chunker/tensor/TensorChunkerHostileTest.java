package dev.larder.chunker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.larder.spi.chunking.ContentProbe;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contents that were made to do harm. */
final class TensorChunkerHostileTest {

  private static final int MUTATIONS = 10_000;

  /** For a look at a file of 20 KB; without harm it takes a tenth of it. */
  private static final long MOST_BYTES = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final byte[][] NUMBERS = {
    new Bytes().i64(-1).toArray(),
    new Bytes().i32(-1).toArray(),
    new Bytes().i32(Integer.MAX_VALUE).toArray(),
    new Bytes().i32(Integer.MIN_VALUE).toArray(),
    new Bytes().i64(Long.MAX_VALUE).toArray(),
    new Bytes().i64(Long.MIN_VALUE).toArray(),
    new Bytes().i64(0).toArray(),
    new Bytes().i64(100_000).toArray(),
    new Bytes().u16(0xFFFF).toArray(),
    new Bytes().varint(Integer.MAX_VALUE).toArray(),
    new Bytes().varint(Long.MAX_VALUE).toArray(),
    new Bytes().text("9999999999999999").toArray(),
  };

  @ParameterizedTest
  @EnumSource
  void mutationsDoNoHarm(Model.Format format) {
    Random random = new Random(format.ordinal());
    byte[] file = format.write(Model.of(1, 5000, 100, 64, 32, 6000, 4), "note");
    look(file, true); // loads the classes
    look(file, false);
    int recognised = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutate(file, random);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      recognised += look(mutated, i % 2 == 0) / 100;
      long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(taken).as("mutation %s", i).isLessThan(MOST_BYTES);
    }
    // many change nothing but a name, and many are found out
    assertThat(recognised).isBetween(MUTATIONS / 100, MUTATIONS * 99 / 100);
  }

  @Test
  void aNameThatAllTensorsShareIsNotReadForEach() {
    Model model = new Model();
    String name = "n".repeat(60_000);
    for (int i = 0; i < 200; i++) {
      model.add(name, 8, i);
    }
    assertThat(look(model.tflite("note"), true)).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      model.add(name, 8, i);
    }
    assertThat(look(model.tflite("note"), true)).isZero();
  }

  private static int look(byte[] content, boolean seekable) {
    MemoryChannel source = new MemoryChannel(content, 3);
    ContentProbe probe = seekable ? Blocks.probe(content, source) : Blocks.probe(content);
    int suitability = new TensorChunker().suitability(probe);
    assertThat(suitability).isIn(0, 100);
    Blocks.cut(content, new TensorChunker().newCutter(probe, "block=4096"));
    assertThat(source.position()).isEqualTo(3);
    return suitability;
  }

  /** Changes what is not a tensor: nearly all of it lies in the first and the last KiB. */
  private static byte[] mutate(byte[] file, Random random) {
    byte[] mutated = file.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int near = random.nextInt(1200);
      int at = random.nextBoolean() ? near : file.length - 1 - near;
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt(256);
        case 2 -> {
          byte[] number = NUMBERS[random.nextInt(NUMBERS.length)];
          System.arraycopy(number, 0, mutated, at, Math.min(number.length, file.length - at));
        }
        default -> {
          int from = random.nextInt(file.length - 40);
          System.arraycopy(file, from, mutated, Math.min(at, file.length - 40), 40);
        }
      }
    }
    return mutated;
  }
}
