package dev.larder.itest.concurrency;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Stamp;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Place;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Journal;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** The index of a volume does what one thread after another would do. */
class IndexInterleavingsTest {

  /** Blocks that all want the same slot of the table. */
  @Param(name = "block", gen = IntGen.class, conf = "1:3")
  public static class Blocks {
    private final BlockTable table = new BlockTable();

    private static Digest hash(int block) {
      return new Digest(16, 0, 0, block);
    }

    /** A block is written. */
    @Operation
    public void put(@Param(name = "block") int block, @Param(name = "block") int pack) {
      table.put(hash(block), new BlockLocation(pack, 512, new StoredBlock(9, 9, 0, 0, block)));
    }

    /** Where it is. */
    @Operation
    public String find(@Param(name = "block") int block) {
      return String.valueOf(table.find(hash(block)));
    }

    /** Another artifact uses it. */
    @Operation
    public String bind(@Param(name = "block") int block) {
      return String.valueOf(table.bind(hash(block)));
    }

    /** A put is given up. */
    @Operation
    public void removeUnshared(@Param(name = "block") int block) {
      table.removeUnshared(hash(block));
    }

    /** A collection's steps. */
    @Operation
    public void clearMarks() {
      table.clearMarks();
    }

    @Operation
    public boolean mark(@Param(name = "block") int block) {
      return table.mark(hash(block));
    }

    @Operation
    public long sweep() {
      return table.sweep();
    }

    @Operation
    public int size() {
      return table.size();
    }
  }

  /** Records that arrive in any order. */
  @Param(name = "artifact", gen = IntGen.class, conf = "1:2")
  @Param(name = "number", gen = IntGen.class, conf = "1:6")
  public static class Records {
    private final Journal journal = new Journal();

    private static Stamp stamp(int sequence) {
      return new Stamp(sequence, new UUID(1, 1), sequence, 0);
    }

    private static Digest digest(int artifact) {
      return new Digest(artifact, 0, 0, 0);
    }

    private static CommitRecord.Added record(int artifact, int sequence) {
      ArtifactEntry entry =
          new ArtifactEntry(digest(artifact), 5, ArtifactKind.MODEL, 1, 5, sequence);
      return new CommitRecord.Added(entry, stamp(sequence), new Place(sequence % 3 + 1, 512, 80));
    }

    /** An artifact. */
    @Operation
    public void add(@Param(name = "artifact") int artifact, @Param(name = "number") int sequence) {
      journal.apply(record(artifact, sequence));
    }

    /** A drop. */
    @Operation
    public void drop(@Param(name = "artifact") int artifact, @Param(name = "number") int sequence) {
      Place place = new Place(sequence % 3 + 1, 900, 80);
      journal.apply(new CommitRecord.Dropped(sequence, digest(artifact), stamp(sequence), place));
    }

    /** Whether it is here. */
    @Operation
    public String artifact(@Param(name = "artifact") int artifact) {
      return String.valueOf(journal.artifact(digest(artifact)));
    }

    @Operation
    public int artifacts() {
      return journal.artifacts().size();
    }

    /** A pack is deleted. */
    @Operation
    public void forget(@Param(name = "artifact") int pack) {
      journal.forget(p -> p == pack);
    }

    @Operation
    public int needed(@Param(name = "artifact") int pack) {
      return journal.neededFrom(p -> p == pack).size();
    }

    @Operation
    public long lastSequence() {
      return journal.lastSequence();
    }
  }

  @Test
  void blocksAsIfOneAfterAnother() {
    Interleavings.stress(Blocks.class);
  }

  @Test
  void recordsAsIfOneAfterAnother() {
    Interleavings.stress(Records.class);
  }
}
