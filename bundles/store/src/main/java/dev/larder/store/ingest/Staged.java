package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.StagedArtifact;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.index.BlockList;
import dev.larder.store.pack.CommitDraft;
import dev.larder.store.pack.ManifestPayload;
import dev.larder.store.pack.PackStream;
import java.util.BitSet;

/** An artifact whose blocks are in the stream. Thread-safe. */
public final class Staged implements StagedArtifact {

  private final Ingestor ingestor;
  private final ManifestHead head;
  private final BlockList blocks;
  private final BitSet fresh;
  private final long freshBytes;
  private final boolean present;
  private final boolean restores;
  private boolean closed;

  Staged(
      Ingestor ingestor,
      ManifestHead head,
      BlockList blocks,
      BitSet fresh,
      long freshBytes,
      boolean present,
      boolean restores) {
    this.ingestor = ingestor;
    this.head = head;
    this.blocks = blocks;
    this.fresh = fresh;
    this.freshBytes = freshBytes;
    this.present = present;
    this.restores = restores;
  }

  @Override
  public Digest digest() {
    return head.digest();
  }

  @Override
  public long size() {
    return head.size();
  }

  @Override
  public int totalBlocks() {
    return blocks.size();
  }

  @Override
  public int newBlocks() {
    return present ? 0 : fresh.cardinality(); // of one that is here nothing new is kept
  }

  @Override
  public long storedBytes() {
    return present ? 0 : freshBytes;
  }

  @Override
  public boolean present() {
    return present;
  }

  /** Whether the volume has this artifact, but not all of it. */
  public boolean restores() {
    return restores;
  }

  /** Whether its blocks are in this stream. */
  public boolean belongsTo(PackStream stream) {
    return ingestor.appendsTo(stream);
  }

  /** Fails if it was given up. */
  public synchronized void requireOpen() throws LarderException {
    if (closed) {
      throw LarderException.invalid("artifact " + digest() + " was given up or committed before");
    }
  }

  /** Its manifest. */
  public CommitDraft.Payload payload() {
    return new ManifestPayload(head, blocks);
  }

  /** What the volume keeps of it in memory. */
  public ArtifactEntry entry(long sequence) {
    return head.entry(sequence);
  }

  /** It is a replica now. */
  public void committed() {
    if (closeOnce()) {
      ingestor.unpin(blocks);
    }
  }

  @Override
  public void close() {
    if (closeOnce()) {
      ingestor.giveUp(blocks, fresh);
    }
  }

  private synchronized boolean closeOnce() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
