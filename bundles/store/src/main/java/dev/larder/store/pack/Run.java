package dev.larder.store.pack;

import dev.larder.api.Digest;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.StoredBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Blocks on their way into a pack: stored forms one behind the other in a buffer that has room for
 * the record's header before them.
 */
public final class Run {

  /** Room that a buffer must have before the first stored form. */
  public static final int HEAD_ROOM = 12 << 10;

  private final ByteBuffer buffer;
  private final int payloadStart;
  private final List<Digest> hashes = new ArrayList<>();
  private final List<StoredBlock> forms = new ArrayList<>();
  private int payloadBytes;

  /**
   * An empty run.
   *
   * @param payloadStart where in the buffer the first stored form is, or comes to be
   */
  public Run(ByteBuffer buffer, int payloadStart) {
    this.buffer = buffer;
    this.payloadStart = payloadStart;
  }

  /** Bytes that the header of a run takes. */
  public static int headerBytes(int blocks) {
    return Layout.COMMON_HEADER_BYTES + blocks * Layout.RUN_ENTRY_BYTES + Layout.CRC_BYTES;
  }

  /** Adds a block whose stored form is, or will be, at {@link #end()} of the buffer. */
  public void add(Digest hash, StoredBlock form) {
    hashes.add(hash);
    forms.add(form);
    payloadBytes += form.stored();
  }

  /** Where in the buffer the next stored form belongs. */
  public int end() {
    return payloadStart + payloadBytes;
  }

  /** How many blocks. */
  public int size() {
    return hashes.size();
  }

  /** A block's hash. */
  public Digest hash(int index) {
    return hashes.get(index);
  }

  /** A block's form, with the volume's number of its codec. */
  public StoredBlock form(int index) {
    return forms.get(index);
  }

  /** Bytes of the stored forms. */
  public int payloadBytes() {
    return payloadBytes;
  }

  /** Bytes of the record. */
  public int bytes() {
    return headerBytes(size()) + payloadBytes;
  }

  /** The record as it is to be written at an offset of a pack. */
  ByteBuffer record(PackSeal seal, long offset, IntUnaryOperator codecNumbers) {
    int headerBytes = headerBytes(size());
    int start = payloadStart - headerBytes;
    ByteBuffer out = buffer.duplicate();
    out.clear().position(start);
    new RecordHeader(RecordHeader.RUN, 0, size(), headerBytes, payloadBytes, 0).put(out);
    for (int i = 0; i < size(); i++) {
      hashes.get(i).write(out);
      StoredBlock form = forms.get(i);
      form.withCodec(codecNumbers.applyAsInt(form.codec())).put(out);
    }
    RecordHeader.seal(out, start, headerBytes, seal, offset);
    return out.limit(payloadStart + payloadBytes).position(start);
  }
}
