package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.store.Manifest;
import dev.larder.tiering.ram.ResidentBlocks.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResidentBlocksTest {

  private static final int BLOCK = 64 << 10;

  /** Blocks of one length, named by numbers. */
  private record Numbers(Digest digest, List<Integer> numbers) implements Manifest {

    static Numbers of(int name, List<Integer> numbers) {
      return new Numbers(new Digest(-1 - name, 0, 0, 0), numbers);
    }

    /** Close together, so that entries get into each other's way. */
    static Digest hash(int number) {
      return new Digest(number % 32, 0, number, 1);
    }

    @Override
    public long size() {
      return (long) numbers.size() * BLOCK;
    }

    @Override
    public ArtifactKind kind() {
      return ArtifactKind.MODEL;
    }

    @Override
    public FormatId chunker() {
      return new FormatId("dev.larder.test.fixed", 1);
    }

    @Override
    public String chunkerParameters() {
      return "";
    }

    @Override
    public int blocks() {
      return numbers.size();
    }

    @Override
    public Digest block(int index) {
      return hash(numbers.get(index));
    }

    @Override
    public int blockLength(int index) {
      return BLOCK;
    }

    @Override
    public long blockOffset(int index) {
      return (long) index * BLOCK;
    }
  }

  private final Set<Digest> residents = new HashSet<>();

  private Numbers resident(int name, List<Integer> numbers) {
    Numbers artifact = Numbers.of(name, numbers);
    residents.add(artifact.digest());
    return artifact;
  }

  private Optional<Place> find(ResidentBlocks index, int number) {
    return index.find(Numbers.hash(number), BLOCK, residents::contains);
  }

  @Test
  void aBlockIsFoundInEachArtifactThatHasIt() {
    ResidentBlocks index = new ResidentBlocks(residents::contains);
    Numbers first = resident(1, List.of(1, 2, 3, 4, 3));
    Numbers second = resident(2, List.of(9, 3, 8, 7));
    index.add(first);
    index.add(second);
    assertThat(find(index, 3)).contains(new Place(first.digest(), 2 * BLOCK));
    residents.remove(first.digest());
    assertThat(find(index, 3)).contains(new Place(second.digest(), BLOCK));
    assertThat(find(index, 4)).isEmpty();
    residents.add(first.digest()); // loaded again: its content is what it was
    assertThat(find(index, 4)).contains(new Place(first.digest(), 3 * BLOCK));
  }

  @Test
  void aBlockOfAnotherLengthIsNone() {
    ResidentBlocks index = new ResidentBlocks(residents::contains);
    index.add(resident(1, List.of(1, 2, 3, 4)));
    assertThat(index.find(Numbers.hash(1), BLOCK - 1, residents::contains)).isEmpty();
  }

  @Test
  void whatIsNotResidentMakesRoomForWhatIs() {
    ResidentBlocks index = new ResidentBlocks(residents::contains, 1024);
    Numbers kept = resident(0, numbers(0, 100));
    index.add(kept);
    for (int name = 1; name < 100; name++) {
      Numbers artifact = resident(name, numbers(name * 1000, 100));
      index.add(artifact);
      residents.remove(artifact.digest());
    }
    assertThat(find(index, 99)).contains(new Place(kept.digest(), 99 * BLOCK));
  }

  @Test
  void theNewestAreKnownWhereNotAllCanBe() {
    ResidentBlocks index = new ResidentBlocks(residents::contains, 1024);
    for (int name = 0; name < 50; name++) {
      Numbers artifact = resident(name, numbers(name * 1000, 100));
      index.add(artifact);
      for (int i = 0; i < 100; i++) {
        assertThat(find(index, name * 1000 + i)).contains(new Place(artifact.digest(), i * BLOCK));
      }
    }
    index.add(resident(50, numbers(100_000, 5000)));
    assertThat(find(index, 100_000)).isPresent();
    assertThat(find(index, 104_999)).isEmpty();
  }

  private static List<Integer> numbers(int from, int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(from + i);
    }
    return numbers;
  }

  @Test
  void whatIsFoundIsThereWhateverCameAndWent() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      residents.clear();
      ResidentBlocks index = new ResidentBlocks(residents::contains, 1024);
      List<Numbers> all = new ArrayList<>();
      for (int name = 0; name < 60; name++) {
        all.add(Numbers.of(name, random.ints(4 + random.nextInt(200), 0, 500).boxed().toList()));
      }
      for (int step = 0; step < 500; step++) {
        Numbers artifact = all.get(random.nextInt(all.size()));
        if (random.nextBoolean()) {
          residents.remove(artifact.digest());
          continue;
        }
        index.add(artifact);
        residents.add(artifact.digest());
        int number = random.nextInt(500);
        find(index, number).ifPresent(place -> holds(all, place, number));
      }
    }
  }

  private void holds(List<Numbers> all, Place place, int number) {
    assertThat(residents).contains(place.artifact());
    Numbers artifact =
        all.stream().filter(a -> a.digest().equals(place.artifact())).findFirst().orElseThrow();
    assertThat(artifact.numbers().get((int) (place.offset() / BLOCK))).isEqualTo(number);
  }
}
