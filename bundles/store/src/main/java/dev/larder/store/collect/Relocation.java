package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.CommitDraft;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackStream;
import dev.larder.store.pack.Run;
import dev.larder.store.pack.VolumeErrors;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies what is alive in some packs to the end of the stream: stored forms as they are, commit
 * records with their own sequence numbers. For one thread.
 */
final class Relocation {

  private static final int MOST_RECORDS = 1024;

  /** So many bytes are forced at a time: who reads meanwhile waits for no more than that. */
  private static final int FORCED_BYTES = 4 << 20;

  private final PackStream stream;
  private final BlockTable table;
  private final Journal journal;
  private final ManifestReader manifests;
  private final PackBlocks blocks;
  private final VolumeErrors errors;
  private final Pace pace;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(Run.HEAD_ROOM + (1 << 20));
  private final Map<Digest, BlockLocation> blocksMoved = new HashMap<>();
  private final Map<CommitRecord, CommitRecord> recordsMoved = new HashMap<>();
  private long movedBytes;
  private long unforced;

  Relocation(
      PackStream stream,
      BlockTable table,
      Journal journal,
      ManifestReader manifests,
      PackBlocks blocks,
      VolumeErrors errors,
      Pace pace) {
    this.stream = stream;
    this.table = table;
    this.journal = journal;
    this.manifests = manifests;
    this.blocks = blocks;
    this.errors = errors;
    this.pace = pace;
  }

  /** Bytes copied so far. */
  long movedBytes() {
    return movedBytes;
  }

  /** Copies what is alive in packs. */
  void run(Set<Integer> packs, Cancellation cancellation) throws IOException {
    durably(() -> copyAll(packs, cancellation));
  }

  /** Something that copies. */
  interface Copying {
    void run() throws IOException;
  }

  /**
   * What was copied is forced on return; if it cannot be, the originals hold again, for a failed
   * force takes the copies away.
   */
  void durably(Copying copying) throws IOException {
    blocksMoved.clear();
    recordsMoved.clear();
    boolean forced = false;
    try {
      copying.run();
      force();
      forced = true;
    } finally {
      if (!forced) {
        putBack();
      }
    }
  }

  private void copyAll(Set<Integer> packs, Cancellation cancellation) throws IOException {
    for (int pack : packs) {
      blocks.read(pack, this::copy, cancellation);
    }
    List<CommitRecord> needed = journal.neededFrom(packs::contains);
    for (int from = 0; from < needed.size(); from += MOST_RECORDS) {
      copyRecords(needed.subList(from, Math.min(needed.size(), from + MOST_RECORDS)));
    }
  }

  private void force() throws IOException {
    PackStream.Ticket ticket;
    stream.lock().lock();
    try {
      ticket = stream.prepareForce();
    } finally {
      stream.lock().unlock();
    }
    stream.force(ticket);
    unforced = 0;
  }

  private void putBack() {
    stream.lock().lock();
    try {
      blocksMoved.forEach(
          (hash, original) -> {
            if (table.find(hash) != null) {
              table.put(hash, original);
            }
          });
      recordsMoved.forEach((copy, original) -> journal.moved(copy, original.place()));
    } finally {
      stream.lock().unlock();
    }
  }

  /**
   * Copies blocks to the end of the stream, those that are still where they were read; a stored
   * form may be another one than there.
   */
  void copy(List<PackBlocks.Loaded> group) throws IOException {
    int bytes = 0;
    for (PackBlocks.Loaded block : group) {
      blocks.check(block);
      bytes += block.stored().remaining();
    }
    if (buffer.capacity() < Run.HEAD_ROOM + bytes) {
      buffer = ByteBuffer.allocateDirect(Run.HEAD_ROOM + bytes);
    }
    stream.lock().lock();
    try {
      Run run = new Run(buffer, Run.HEAD_ROOM);
      Map<Digest, BlockLocation> originals = new HashMap<>();
      for (PackBlocks.Loaded block : group) {
        BlockLocation now = table.find(block.hash());
        if (now != null && now.samePlace(block.location())) {
          buffer.clear().position(run.end());
          buffer.put(block.stored().duplicate());
          run.add(block.hash(), block.location().form());
          originals.put(block.hash(), now);
        }
      }
      if (run.size() > 0) {
        stream.append(run);
        originals.forEach(this::noteMove);
        movedBytes += run.bytes();
      }
    } finally {
      stream.lock().unlock();
    }
    unforced += bytes;
    if (unforced > FORCED_BYTES) {
      force();
    }
    pace.spent(bytes);
  }

  private void noteMove(Digest hash, BlockLocation original) {
    BlockLocation now = table.find(hash);
    if (now != null && !now.samePlace(original)) {
      blocksMoved.put(hash, original);
    }
  }

  private void copyRecords(List<CommitRecord> records) throws IOException {
    List<CommitDraft> drafts = new ArrayList<>();
    for (CommitRecord record : records) {
      drafts.add(draft(record));
    }
    stream.lock().lock();
    try {
      List<CommitRecord> copies = stream.append(drafts, false);
      for (int i = 0; i < copies.size(); i++) {
        journal.moved(records.get(i), copies.get(i).place());
        recordsMoved.put(copies.get(i), records.get(i));
        movedBytes += copies.get(i).place().length();
        unforced += copies.get(i).place().length();
      }
    } finally {
      stream.lock().unlock();
    }
    if (unforced > FORCED_BYTES) {
      force();
    }
  }

  private CommitDraft draft(CommitRecord record) throws IOException {
    CommitFields fields = new CommitFields(record.sequence(), record.stamp());
    return new CommitDraft(
        record.type(), RecordHeader.RELOCATED, fields, payload(record), record::at);
  }

  private CommitDraft.Payload payload(CommitRecord record) throws IOException {
    if (record instanceof CommitRecord.Added added) {
      return manifests
          .copy(added)
          .orElseThrow(() -> errors.corruptManifest(added.artifact().digest()));
    }
    if (record instanceof CommitRecord.Pointed pointed) {
      return CommitDraft.payload(SmallPayloads.reference(pointed.change()));
    }
    return CommitDraft.payload(SmallPayloads.drop(((CommitRecord.Dropped) record).digest()));
  }
}
