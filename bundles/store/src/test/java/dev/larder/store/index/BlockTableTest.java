package dev.larder.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.store.format.StoredBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockTableTest {

  private static BlockLocation at(int pack, int offset) {
    return new BlockLocation(pack, offset, new StoredBlock(100, 50, 1, 0, offset * 31));
  }

  private static Digest hash(Random random) {
    return new Digest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @Test
  void aMillionBlocksTakeLessThan64BytesEach() {
    BlockTable table = new BlockTable();
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      table.put(hash(random), at(1 + i / 10_000, i));
    }
    assertThat(table.size()).isEqualTo(1_000_000);
    assertThat((double) table.bytes() / table.size()).isLessThan(64);
    random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      BlockLocation found = table.find(hash(random));
      assertThat(found).isNotNull();
      if (found.offset() != i || found.pack() != 1 + i / 10_000) {
        assertThat(found).isEqualTo(at(1 + i / 10_000, i));
      }
    }
    assertThat(table.storedBytes()).isEqualTo(50_000_000);
  }

  @Test
  void behavesLikeAMap() {
    BlockTable table = new BlockTable();
    Map<Digest, BlockLocation> model = new HashMap<>();
    Random random = new Random(2);
    Digest[] keys = new Digest[500];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Digest(random.nextInt(40), random.nextLong(), 0, 0); // many collide
    }
    for (int i = 0; i < 50_000; i++) {
      Digest key = keys[random.nextInt(keys.length)];
      if (random.nextInt(3) > 0) {
        table.put(key, at(1 + random.nextInt(5), i));
        model.put(key, table.find(key));
        assertThat(table.find(key).offset()).isEqualTo(i);
      } else {
        table.removeUnshared(key);
        model.remove(key);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    for (Digest key : keys) {
      assertThat(table.find(key)).isEqualTo(model.get(key));
    }
    assertThat(table.rawBytes()).isEqualTo(100L * model.size());
  }

  @Test
  void sweepsWhatIsNotMarkedAndKeepsWhatIsBoundMeanwhile() {
    BlockTable table = new BlockTable();
    Digest[] keys = new Digest[4];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Digest(i, 0, 0, 0);
      table.put(keys[i], at(1, i + 1));
    }
    table.clearMarks();
    assertThat(table.mark(keys[0])).isTrue();
    assertThat(table.mark(keys[0])).isFalse();
    assertThat(table.bind(keys[1])).isEqualTo(at(1, 2));
    Digest fresh = new Digest(9, 9, 9, 9);
    table.put(fresh, at(2, 7));
    assertThat(table.sweep()).isEqualTo(2);
    assertThat(table.find(keys[0])).isNotNull();
    assertThat(table.find(keys[1])).isNotNull();
    assertThat(table.find(keys[2])).isNull();
    assertThat(table.find(fresh)).isNotNull();
    table.removeUnshared(keys[1]); // something else refers to it
    table.removeUnshared(keys[0]);
    assertThat(table.find(keys[1])).isNotNull();
    assertThat(table.find(keys[0])).isNull();
  }

  @Test
  void aBadBlockIsNotUsedUntilItHasANewPlace() {
    BlockTable table = new BlockTable();
    Digest key = new Digest(1, 2, 3, 4);
    table.put(key, at(1, 10));
    table.bad(key, at(1, 99)); // another place: nothing is known of this one
    assertThat(table.usable(key)).isTrue();
    table.bad(key, at(1, 10));
    assertThat(table.usable(key)).isFalse();
    assertThat(table.bind(key)).isNull();
    assertThat(table.find(key)).isNotNull();
    table.put(key, at(2, 20));
    assertThat(table.usable(key)).isTrue();
  }
}
