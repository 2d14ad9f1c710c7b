package dev.larder.store.pack;

import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.index.BlockList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Payload of the manifest of an artifact that was just taken in. */
public final class ManifestPayload implements CommitDraft.Payload {

  private static final int PER_PIECE = 256;

  private final ByteBuffer head;
  private final BlockList blocks;
  private final int crc;

  /** Of a head and its blocks. */
  public ManifestPayload(ManifestHead head, BlockList blocks) {
    this.head = head.encode();
    this.blocks = blocks;
    CRC32C sum = new CRC32C();
    try {
      writeTo(sum::update);
    } catch (IOException e) {
      throw new IllegalStateException(e); // a checksum does no I/O
    }
    this.crc = (int) sum.getValue();
  }

  @Override
  public int bytes() {
    return head.remaining() + blocks.size() * Layout.MANIFEST_BLOCK_BYTES;
  }

  @Override
  public int crc() {
    return crc;
  }

  @Override
  public void writeTo(CommitDraft.Output out) throws IOException {
    out.put(head.duplicate());
    ByteBuffer piece =
        ByteBuffer.allocate(Math.min(PER_PIECE, blocks.size()) * Layout.MANIFEST_BLOCK_BYTES);
    for (int i = 0; i < blocks.size(); i++) {
      blocks.hash(i).write(piece);
      piece.putInt(blocks.length(i));
      if (!piece.hasRemaining() || i == blocks.size() - 1) {
        out.put(piece.flip());
        piece.clear();
      }
    }
  }
}
