package dev.larder.itest.campaigns;

import static dev.larder.itest.campaigns.Operation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge is judged first. */
class OracleTest {

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedIsAllThereMayBe() throws IOException {
    try (AckLog log = new AckLog(folder.resolve("log"))) {
      log.acknowledged(log.begin("put", Map.of("a", "1")));
      log.acknowledged(log.begin("put", Map.of("a", "2")));
      Oracle oracle = log.oracle();
      assertThat(oracle.allows("a", "2")).isTrue();
      assertThat(oracle.allows("a", "1")).isFalse();
      assertThat(oracle.allows("a", NONE)).isFalse();
      log.acknowledged(log.begin("rm", Map.of("a", NONE)));
      assertThat(oracle.allows("a", "2")).isFalse();
      assertThat(oracle.allows("a", NONE)).isTrue();
      assertThat(oracle.allows("never", NONE)).isTrue();
      assertThat(oracle.allows("never", "1")).isFalse();
    }
  }

  @Test
  void whatIsInDoubtMayBeOldOrNewUntilItWasSeen() throws IOException {
    try (AckLog log = new AckLog(folder.resolve("log"))) {
      log.acknowledged(log.begin("put", Map.of("a", "1")));
      Operation late = log.begin("put", Map.of("a", "2", "b", "2"));
      assertThat(log.cut("kill")).containsExactly(late);
      log.acknowledged(late); // too late: nobody has waited for it
      Oracle oracle = log.oracle();
      assertThat(oracle.possible("a")).containsExactlyInAnyOrder("1", "2");
      assertThat(oracle.possible("b")).containsExactlyInAnyOrder(NONE, "2");
      assertThat(oracle.doubtful()).containsExactly("a", "b");
      log.observed("a", "1");
      assertThat(oracle.allows("a", "2")).isFalse();
      assertThat(oracle.inDoubt()).isOne();
    }
  }

  @Test
  void aRefusalChangesNothing() throws IOException {
    try (AckLog log = new AckLog(folder.resolve("log"))) {
      log.acknowledged(log.begin("put", Map.of("a", "1")));
      log.refused(log.begin("put", Map.of("a", "2", "b", "1")));
      log.refused(log.begin("put", Map.of("a", "1")));
      assertThat(log.oracle().possible("a")).containsExactly("1");
      assertThat(log.oracle().possible("b")).containsExactly(NONE);
    }
  }

  @Test
  void theLogAloneGivesTheSameOracle() throws IOException {
    Path file = folder.resolve("log");
    try (AckLog log = new AckLog(file)) {
      log.acknowledged(log.begin("put", Map.of("a", "1", "c/d:v1", "3")));
      log.refused(log.begin("rm", Map.of("c/d:v1", NONE)));
      log.begin("put", Map.of("a", "2"));
      log.cut("kill");
      log.observed("a", "2");
      log.begin("put", Map.of("b", "2"));
      assertThat(Oracle.replay(file)).isEqualTo(log.oracle()).isNotEqualTo(new Oracle());
    }
  }
}
