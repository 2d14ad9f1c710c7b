package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidateSampleTest {

  private final Random random = new Random(3);
  private final Ledger ledger = new Ledger(random);

  private void residents(int count) {
    for (long key = 0; key < count; key++) {
      ledger.admit(key, 1, false);
    }
  }

  @Test
  void fewResidentsAreAllLookedAt() {
    residents(CandidateSample.EXACT);
    assertThat(CandidateSample.of(ledger, key -> true, random))
        .extracting(LedgerRecord::key)
        .hasSize(CandidateSample.EXACT)
        .doesNotHaveDuplicates();
  }

  @Test
  void ofManyASampleIsLookedAt() {
    residents(1_000);
    assertThat(CandidateSample.of(ledger, key -> true, random))
        .extracting(LedgerRecord::key)
        .hasSize(CandidateSample.SAMPLE)
        .doesNotHaveDuplicates();
  }

  @Test
  void fewLargeOnesAmongManySmallOnesAreLookedAt() {
    residents(5_000);
    for (long key = 10_000; key < 10_004; key++) {
      ledger.admit(key, 1_000_000, false);
    }
    assertThat(CandidateSample.of(ledger, key -> true, random))
        .extracting(LedgerRecord::key)
        .contains(10_000L, 10_001L, 10_002L, 10_003L)
        .hasSize(CandidateSample.SAMPLE)
        .doesNotHaveDuplicates();
  }

  @Test
  void theOnlyOneThatMayGoIsFound() {
    residents(5_000);
    assertThat(CandidateSample.of(ledger, key -> key == 4_321, random))
        .extracting(LedgerRecord::key)
        .containsExactly(4_321L);
  }

  @Test
  void nothingToEvict() {
    assertThat(CandidateSample.of(ledger, key -> true, random)).isEmpty();
    residents(100);
    assertThat(CandidateSample.of(ledger, key -> false, random)).isEmpty();
  }
}
