package dev.larder.store.pack;

import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * A commit record on its way into a pack.
 *
 * @param type of the record
 * @param flags {@link dev.larder.store.format.RecordHeader#RELOCATED} or 0
 * @param fields number and stamp
 * @param payload what it says
 * @param record what it is once its place is known
 */
public record CommitDraft(
    int type,
    int flags,
    CommitFields fields,
    Payload payload,
    Function<Place, CommitRecord> record) {

  /** Bytes of a payload. */
  public interface Payload {
    /** How many. */
    int bytes();

    /** Their checksum. */
    int crc();

    /** Writes them. */
    void writeTo(Output out) throws IOException;
  }

  /** Takes bytes. */
  public interface Output {
    /** Takes the buffer's remaining bytes. */
    void put(ByteBuffer bytes) throws IOException;
  }

  /** A small payload. */
  public static Payload payload(ByteBuffer bytes) {
    int crc = Checksum.of(bytes);
    return new Payload() {
      @Override
      public int bytes() {
        return bytes.remaining();
      }

      @Override
      public int crc() {
        return crc;
      }

      @Override
      public void writeTo(Output out) throws IOException {
        out.put(bytes.duplicate());
      }
    };
  }
}
