package dev.larder.tiering.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.HistoryEntry;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NamespaceTest {

  private static final UUID GATEWAY = new UUID(0, 1);
  private static final UUID ONE = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);
  private static final Reference NAME = Reference.parse("model");

  private final Namespace names = new Namespace(5);

  private static Digest digest(int n) {
    return new Digest(n, 0, 0, 0);
  }

  private static ReferenceChange set(int lamport, int digest) {
    return new ReferenceChange(
        NAME, Optional.of(digest(digest)), new Stamp(lamport, GATEWAY, lamport, lamport), 0);
  }

  private static ReferenceChange deleted(int lamport) {
    return new ReferenceChange(
        NAME, Optional.empty(), new Stamp(lamport, GATEWAY, lamport, lamport), 0);
  }

  @Test
  void theHighestStampDecidesWhereverItIsAndInWhateverOrderItArrives() {
    names.add(ONE, set(3, 30));
    names.add(OTHER, set(1, 10));
    assertThat(names.target(NAME)).contains(digest(30));
    names.add(OTHER, set(4, 40));
    assertThat(names.target(NAME)).contains(digest(40));
    assertThat(names.superseded(NAME)).isEqualTo(4);
  }

  @Test
  void aDeletionOnOneVolumeHidesOlderChangesOnAnother() {
    names.attach(ONE, List.of(set(1, 10), deleted(2)));
    names.attach(OTHER, List.of(set(1, 10)));
    assertThat(names.target(NAME)).isEmpty();
    assertThat(names.live()).isEmpty();
    assertThat(names.missedChanges(OTHER)).containsExactly(deleted(2));
    assertThat(names.missedChanges(ONE)).isEmpty();
    assertThat(names.keptArtifacts()).isEmpty();
    assertThat(names.keptChanges(ONE)).containsExactly(deleted(2));
    assertThat(names.keptChanges(OTHER)).isEmpty();
  }

  @Test
  void theHistoryEndsAtADeletionAndAtItsLength() {
    names.add(ONE, set(1, 10));
    names.add(ONE, deleted(2));
    for (int i = 3; i < 10; i++) {
      names.add(ONE, set(i, i * 10));
    }
    assertThat(names.history(NAME))
        .extracting(HistoryEntry::digest)
        .containsExactly(digest(90), digest(80), digest(70), digest(60), digest(50));
    assertThat(names.history(NAME)).extracting(HistoryEntry::current).startsWith(true, false);
    assertThat(names.keptArtifacts()).hasSize(5);
    assertThat(names.previous(NAME)).contains(digest(80));
  }

  @Test
  void aRollbackLeadsToTheLastDifferentContent() {
    names.add(ONE, set(1, 10));
    names.add(ONE, set(2, 20));
    names.add(ONE, set(3, 20));
    assertThat(names.previous(NAME)).contains(digest(10));
    names.add(ONE, set(4, 10));
    assertThat(names.previous(NAME)).contains(digest(20));
  }

  @Test
  void aVolumeThatIsReadAnewReplacesWhatWasKnownOfIt() {
    names.attach(ONE, List.of(set(1, 10), set(2, 20)));
    names.attach(OTHER, List.of(set(2, 20)));
    names.attach(ONE, List.of(set(1, 10)));
    assertThat(names.target(NAME)).contains(digest(20));
    assertThat(names.holders(set(2, 20))).containsExactly(OTHER);
    names.forget(OTHER);
    assertThat(names.target(NAME)).contains(digest(10));
    names.forget(ONE);
    assertThat(names.newest(NAME)).isEmpty();
  }

  @Test
  void whatIsCarriedToAnotherTierIsWhatPointsAtTheArtifactAndIsStillNeeded() {
    names.attach(ONE, List.of(set(1, 10), set(2, 20), set(3, 10)));
    assertThat(names.neededChanges(ONE, digest(10))).containsExactly(set(1, 10), set(3, 10));
    assertThat(names.neededChanges(OTHER, digest(10))).isEmpty();
  }
}
