package dev.larder.store.format;

import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Payloads of references, drops and formats. What lies behind the known fields is passed over: a
 * later version may add fields there.
 */
public final class SmallPayloads {

  private static final int HAS_TARGET = 1;

  private SmallPayloads() {}

  /** Payload of a reference change. */
  public static ByteBuffer reference(ReferenceChange change) {
    byte[] name = change.reference().name().getBytes(StandardCharsets.US_ASCII);
    byte[] tag = change.reference().tag().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(1 + Digest.LENGTH + 8 + 2 + name.length + 2 + tag.length);
    out.put((byte) (change.target().isPresent() ? HAS_TARGET : 0));
    change.target().orElse(new Digest(0, 0, 0, 0)).write(out);
    out.putLong(change.supersedes());
    out.putShort((short) name.length).put(name);
    out.putShort((short) tag.length).put(tag);
    return out.flip();
  }

  /** Reads a reference change; empty if it cannot be one. */
  public static Optional<ReferenceChange> reference(ByteBuffer payload, Stamp stamp) {
    ByteBuffer in = payload.slice();
    try {
      boolean target = (in.get() & HAS_TARGET) != 0;
      Digest digest = Digest.read(in);
      long supersedes = in.getLong();
      Reference reference = new Reference(text(in), text(in));
      return Optional.of(
          new ReferenceChange(
              reference, target ? Optional.of(digest) : Optional.empty(), stamp, supersedes));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty(); // a valid checksum over nonsense: not written by Larder
    }
  }

  private static String text(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** Payload of a drop. */
  public static ByteBuffer drop(Digest digest) {
    ByteBuffer out = ByteBuffer.allocate(Digest.LENGTH);
    digest.write(out);
    return out.flip();
  }

  /** Reads a drop. */
  public static Optional<Digest> drop(ByteBuffer payload) {
    ByteBuffer in = payload.slice();
    return in.remaining() < Digest.LENGTH ? Optional.empty() : Optional.of(Digest.read(in));
  }

  /**
   * Payload of a format.
   *
   * @param number what stands for it in this pack, 1 to 255
   */
  public static ByteBuffer format(int number, FormatId format) {
    byte[] name = format.name().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(4 + name.length);
    out.put((byte) number).putShort((short) format.version());
    out.put((byte) name.length).put(name);
    return out.flip();
  }

  /** A format and what stands for it. */
  public record NumberedFormat(int number, FormatId format) {}

  /** Reads a format; the buffer's position moves behind it. */
  public static Optional<NumberedFormat> format(ByteBuffer in) {
    try {
      int number = Byte.toUnsignedInt(in.get());
      int version = Short.toUnsignedInt(in.getShort());
      int length = Byte.toUnsignedInt(in.get());
      if (length > in.remaining()) {
        return Optional.empty();
      }
      byte[] name = new byte[length];
      in.get(name);
      FormatId format = new FormatId(new String(name, StandardCharsets.US_ASCII), version);
      return number == 0 ? Optional.empty() : Optional.of(new NumberedFormat(number, format));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty(); // as above
    }
  }
}
