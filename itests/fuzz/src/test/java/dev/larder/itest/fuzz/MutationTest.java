package dev.larder.itest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every decoder on damaged copies of its stored inputs: the same ones in every run. {@code
 * -Dlarder.long=true} goes on for fifty times as many. A round that fails is replayed by the
 * command that the failure names, and its input is left in {@code target/fuzz}.
 */
class MutationTest {

  private static final long LONG_FACTOR = 50;

  /** No input takes a thousandth of it. */
  private static final long HANGING_SECONDS = 60;

  @ParameterizedTest
  @EnumSource
  void takesWhatIsDamaged(Decoder decoder) throws Exception {
    String only = System.getProperty("larder.fuzz.decoder", "");
    Assumptions.assumeTrue(only.isEmpty() || only.equals(decoder.name()), "another is replayed");
    List<byte[]> seeds = Corpus.of(decoder);
    assertThat(seeds).isNotEmpty();
    String round = System.getProperty("larder.fuzz.round", "");
    if (!round.isEmpty()) {
      take(decoder, seeds, Long.parseLong(round));
      return;
    }
    long factor = Boolean.getBoolean("larder.long") ? LONG_FACTOR : 1;
    watch(new Rounds(decoder, seeds, decoder.rounds() * factor));
  }

  private static void take(Decoder decoder, List<byte[]> seeds, long round) throws Exception {
    byte[] input = new Mutator(round, seeds).next();
    try {
      decoder.take(input);
    } catch (Throwable e) {
      throw new AssertionError(replay(decoder, round, input), e);
    }
  }

  private static String replay(Decoder decoder, long round, byte[] input) throws IOException {
    Path file = Path.of("target", "fuzz", decoder.method() + "-" + round);
    Files.createDirectories(file.getParent());
    Files.write(file, input);
    return "the input is in itests/fuzz/"
        + file
        + "; replay: mvn -B -pl itests/fuzz -am package -Dtest=MutationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dlarder.fuzz.decoder="
        + decoder
        + " -Dlarder.fuzz.round="
        + round;
  }

  /** All rounds of one decoder, on a thread that is given up if it hangs. */
  private static final class Rounds implements Runnable {
    private final Decoder decoder;
    private final List<byte[]> seeds;
    private final long count;
    private volatile long round;
    private volatile Throwable failure;

    Rounds(Decoder decoder, List<byte[]> seeds, long count) {
      this.decoder = decoder;
      this.seeds = seeds;
      this.count = count;
    }

    @Override
    public void run() {
      try {
        for (; round < count; round++) {
          take(decoder, seeds, round);
        }
      } catch (Throwable e) {
        failure = e;
      }
    }
  }

  private static void watch(Rounds rounds) throws Exception {
    FutureTask<Void> all = new FutureTask<>(rounds, null);
    Thread thread = new Thread(all, "rounds of " + rounds.decoder);
    thread.setDaemon(true);
    thread.start();
    long before = -1;
    while (!ended(all)) {
      long now = rounds.round;
      if (now == before) {
        AssertionError hanging = new AssertionError("it hangs here");
        hanging.setStackTrace(thread.getStackTrace());
        byte[] input = new Mutator(now, rounds.seeds).next();
        fail(replay(rounds.decoder, now, input), hanging);
      }
      before = now;
    }
    if (rounds.failure != null) {
      fail(rounds.failure.getMessage(), rounds.failure);
    }
    assertThat(rounds.round).isEqualTo(rounds.count);
  }

  private static boolean ended(FutureTask<Void> task) throws InterruptedException {
    try {
      task.get(HANGING_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
