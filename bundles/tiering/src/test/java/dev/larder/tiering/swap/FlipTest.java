package dev.larder.tiering.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.api.SwapRequest;
import dev.larder.tiering.ram.EvictionListener;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamSettings;
import dev.larder.tiering.ram.RamTestFolder;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A consumer maps what {@code active/NAME:TAG} leads to while swaps flip it. */
class FlipTest {

  private static final Reference LIVE = Reference.parse("live/model:now");
  private static final int FLIPS = 400;
  private static final int[] SIZES = {40_000, 90_000};

  private record Seen(int old, int fresh, int wrong, int retries) {}

  @Test
  void aReaderSeesOneContentOrTheOtherAndNeverAMix() throws Exception {
    flip(false);
  }

  @Test
  void alsoWhileTheOldOneIsEvicted() throws Exception {
    flip(true);
  }

  private static void flip(boolean evict) throws Exception {
    FakeSource source = new FakeSource();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (RamTestFolder test = new RamTestFolder();
        RamCache ram =
            RamCache.open(
                RamSettings.of(test.ram(), 1 << 20),
                RamTestFolder.builtIn(),
                EvictionListener.NONE,
                test.base().resolve("ram.ledger"),
                Runnable::run,
                System::nanoTime);
        Swapper swapper = new Swapper(source, ram, threads, SwapListener.NONE, System::nanoTime)) {
      source.put(LIVE, FakeSource.digest(0), SIZES[0]);
      swapper.swap(SwapRequest.of(LIVE));
      AtomicBoolean ended = new AtomicBoolean();
      Path link = test.ram().resolve("active").resolve(LIVE.toString());
      Future<Seen> reader = threads.submit(reading(link, ended));
      for (int i = 1; i <= FLIPS; i++) {
        source.put(LIVE, FakeSource.digest(i % 2), SIZES[i % 2]);
        swapper.swap(SwapRequest.of(LIVE));
        swapper.release(LIVE);
        if (evict && i % 4 == 0) {
          ram.evict(java.util.List.of(FakeSource.digest((i + 1) % 2)));
        }
        Thread.sleep(0, 200_000);
      }
      ended.set(true);
      Seen seen = reader.get();
      assertThat(seen.wrong()).as("%s", seen).isZero();
      assertThat(seen.old()).as("%s", seen).isPositive();
      assertThat(seen.fresh()).as("%s", seen).isPositive();
      if (!evict) {
        assertThat(seen.retries()).as("%s", seen).isZero();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Callable<Seen> reading(Path link, AtomicBoolean ended) {
    return () -> {
      int[] counts = new int[4];
      while (!ended.get()) {
        counts[look(link)]++;
      }
      return new Seen(counts[0], counts[1], counts[2], counts[3]);
    };
  }

  /** 0 or 1 for a content, 2 for something else, 3 if it went between the link and the file. */
  private static int look(Path link) throws IOException {
    try (FileChannel file = FileChannel.open(link)) {
      MappedByteBuffer content = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
      for (int which = 0; which < SIZES.length; which++) {
        if (isWhole(content, FakeSource.digest(which), SIZES[which])) {
          return which;
        }
      }
      return 2;
    } catch (NoSuchFileException e) {
      return 3;
    }
  }

  private static boolean isWhole(MappedByteBuffer content, Digest digest, int size) {
    if (content.capacity() != size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (content.get(i) != FakeSource.at(digest, i)) {
        return false;
      }
    }
    return true;
  }
}
