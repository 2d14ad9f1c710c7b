package dev.larder.itest.faults;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The oracle can say no. */
class OracleTest {

  private static final Digest A = new Digest(1, 0, 0, 0);
  private static final Digest B = new Digest(2, 0, 0, 0);
  private static final ReferenceChange TO_A = change(1, Optional.of(A));
  private static final ReferenceChange TO_B = change(2, Optional.of(B));
  private static final ReferenceChange GONE = change(3, Optional.empty());

  private final Oracle oracle = new Oracle();

  private static ReferenceChange change(long lamport, Optional<Digest> target) {
    return new ReferenceChange(
        Reference.parse("n"), target, new Stamp(lamport, new UUID(1, 1), lamport, 0), 0);
  }

  private void acknowledged(Intent intent) {
    oracle.intends(intent);
    oracle.acknowledged(intent);
  }

  private void refuses(Set<Digest> found, List<ReferenceChange> changes) {
    assertThatThrownBy(() -> oracle.settle(found, changes)).isInstanceOf(AssertionError.class);
  }

  private void takes(Set<Digest> found, List<ReferenceChange> changes) {
    assertThatCode(() -> oracle.settle(found, changes)).doesNotThrowAnyException();
  }

  @Test
  void whatWasAcknowledgedMustBeThere() {
    acknowledged(Intent.put(Set.of(A), List.of(TO_A)));
    refuses(Set.of(), List.of(TO_A));
    refuses(Set.of(A), List.of());
    takes(Set.of(A), List.of(TO_A));
  }

  @Test
  void whatNobodyAskedForMustNotBeThere() {
    refuses(Set.of(A), List.of());
    refuses(Set.of(), List.of(TO_A));
  }

  @Test
  void whatWasDroppedMustNotComeBack() {
    acknowledged(Intent.put(Set.of(A), List.of()));
    acknowledged(Intent.drop(Set.of(A)));
    refuses(Set.of(A), List.of());
    takes(Set.of(), List.of());
  }

  @Test
  void whatIsInDoubtIsThereWhollyOrNotAtAll() {
    acknowledged(Intent.put(Set.of(A), List.of(TO_A)));
    oracle.intends(Intent.put(Set.of(B), List.of(TO_B, GONE)));
    refuses(Set.of(A, B), List.of(TO_A, TO_B));
  }

  @Test
  void whatWasInDoubtIsCertainOnceItWasSeen() {
    oracle.intends(Intent.put(Set.of(A), List.of(TO_A)));
    takes(Set.of(A), List.of(TO_A));
    refuses(Set.of(), List.of());
  }

  @Test
  void whatWasRefusedMustNotBeThere() {
    Intent refused = Intent.put(Set.of(A), List.of(TO_A));
    oracle.intends(refused);
    oracle.refused(refused);
    refuses(Set.of(A), List.of(TO_A));
  }

  @Test
  void anOlderTargetMustNotComeBackWhenTheNewestChangeMayGo() {
    acknowledged(Intent.put(Set.of(A), List.of(TO_A)));
    acknowledged(Intent.point(GONE));
    oracle.needsOnly(Set.of());
    refuses(Set.of(A), List.of(TO_A));
    takes(Set.of(A), List.of(GONE));
  }

  @Test
  void evenAfterALossNothingIsMadeUp() {
    acknowledged(Intent.put(Set.of(A), List.of(TO_A)));
    assertThatThrownBy(() -> oracle.settleAfterLoss(Set.of(B), List.of()))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> oracle.settleAfterLoss(Set.of(), List.of(TO_B)))
        .isInstanceOf(AssertionError.class);
    assertThatCode(() -> oracle.settleAfterLoss(Set.of(), List.of())).doesNotThrowAnyException();
  }
}
