package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.store.IngestSpec;
import dev.larder.store.format.Layout;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockList;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.pack.PackStream;
import dev.larder.store.pack.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Appends the windows of one artifact in order. Whether a block is new is decided here, under the
 * stream's lock: what the workers found may have been collected, or written by another put, since.
 */
final class WindowAppender implements AutoCloseable {

  private final Ingestor ingestor;
  private final IngestSpec spec;
  private final @Nullable Predecessor predecessor;
  private final BlockWork work;
  private final BlockList blocks = new BlockList();
  private final BitSet fresh = new BitSet();
  private long freshBytes;
  private long storedBytes;

  WindowAppender(Ingestor ingestor, IngestSpec spec, @Nullable Predecessor predecessor) {
    this.ingestor = ingestor;
    this.spec = spec;
    this.predecessor = predecessor;
    this.work = work();
  }

  BlockWork work() {
    return new BlockWork(ingestor, spec, predecessor);
  }

  /** After the last of its workers is done. */
  @Override
  public void close() {
    if (predecessor != null) {
      predecessor.close();
    }
  }

  BlockList blocks() {
    return blocks;
  }

  /** Which blocks this artifact brought to the volume. */
  BitSet fresh() {
    return fresh;
  }

  /** Their encoded bytes. */
  long freshBytes() {
    return freshBytes;
  }

  /** Encoded bytes of all its blocks. */
  long storedBytes() {
    return storedBytes;
  }

  /** Estimate of what a window would take. */
  long newBytes(Window window) {
    long bytes = 0;
    for (Window.Block block : window.blocks()) {
      StoredBlock form = block.form;
      bytes += form == null ? 0 : form.stored() + Layout.RUN_ENTRY_BYTES;
    }
    return bytes;
  }

  void append(Window window) throws IOException {
    if (blocks.size() + window.blocks().size() > Layout.MAX_ARTIFACT_BLOCKS) {
      throw LarderException.invalid(
          "the artifact has more than " + Layout.MAX_ARTIFACT_BLOCKS + " blocks: cut larger ones");
    }
    PackStream stream = ingestor.stream();
    stream.lock().lock();
    try {
      appendLocked(stream, window);
    } finally {
      stream.lock().unlock();
    }
  }

  private void appendLocked(PackStream stream, Window window) throws IOException {
    Map<Digest, BlockLocation> known = new HashMap<>();
    List<Window.Block> missing = new ArrayList<>();
    Set<Digest> queued = new HashSet<>();
    for (Window.Block block : window.blocks()) {
      Digest hash = hash(block);
      if (queued.contains(hash) || known.containsKey(hash)) {
        continue;
      }
      BlockLocation location = ingestor.table().bind(hash);
      if (location != null && isFounded(block, location)) {
        known.put(hash, location);
      } else {
        queued.add(hash);
        missing.add(block);
      }
    }
    Map<Digest, StoredBlock> written =
        missing.isEmpty() ? Map.of() : write(stream, window, missing);
    for (Window.Block block : window.blocks()) {
      Digest hash = hash(block);
      BlockLocation location = known.get(hash);
      StoredBlock form =
          location != null ? location.form() : Objects.requireNonNull(written.get(hash));
      if (queued.remove(hash)) {
        fresh.set(blocks.size());
        freshBytes += form.stored();
      }
      storedBytes += form.stored();
      blocks.add(hash, block.length);
    }
  }

  private static Digest hash(Window.Block block) {
    return Objects.requireNonNull(block.hash);
  }

  private Map<Digest, StoredBlock> write(
      PackStream stream, Window window, List<Window.Block> missing) throws IOException {
    Map<Digest, StoredBlock> written = new HashMap<>();
    boolean allRaw = true;
    for (Window.Block block : missing) {
      StoredBlock known = block.form;
      StoredBlock form =
          known != null && isFounded(block, known) ? known : work.encode(window, block);
      written.put(hash(block), form);
      allRaw &= form.codec() == 0;
    }
    stream.append(assemble(window, missing, written, allRaw));
    return written;
  }

  /**
   * The same for a block that the volume has. A dead delta may come back with the index of a pack
   * that is kept while its base is gone; what it stands on the worker has read.
   */
  private boolean isFounded(Window.Block block, BlockLocation location) {
    StoredBlock form = location.form();
    return form.flags() == 0 || (form.equals(block.known) && isFounded(block, form));
  }

  /**
   * Whether a form stands alone, or on blocks that are here and stay: one that is bound is marked
   * alive, and from now on a collection sees what stands on it.
   */
  private boolean isFounded(Window.Block block, StoredBlock form) {
    if (form.flags() == 0) {
      return true;
    }
    boolean founded = !block.standsOn.isEmpty();
    for (Digest base : block.standsOn) {
      BlockLocation location = ingestor.table().bind(base);
      founded &= location != null && location.form().standsAlone();
    }
    return founded;
  }

  /**
   * Moves the stored forms together, to the left: no form is longer than its block, so none is
   * overwritten before it was moved. Where all are stored raw and nothing is missing between them,
   * nothing moves.
   */
  private static Run assemble(
      Window window, List<Window.Block> missing, Map<Digest, StoredBlock> forms, boolean allRaw) {
    ByteBuffer target = allRaw ? window.raw() : window.encoded();
    Run run = new Run(target, allRaw ? missing.get(0).start : Run.HEAD_ROOM);
    for (Window.Block block : missing) {
      StoredBlock form = Objects.requireNonNull(forms.get(hash(block)));
      ByteBuffer source = form.codec() == 0 ? window.raw() : target;
      int to = run.end();
      if (source != target || to != block.start) {
        target.clear();
        source.clear();
        target.put(to, source, block.start, form.stored());
      }
      run.add(hash(block), form);
    }
    return run;
  }
}
