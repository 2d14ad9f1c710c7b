package dev.larder.itest.faults;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.MalformedBlockException;
import dev.larder.store.Codecs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One codec, which costs next to nothing: small bytes, two in one, or with more effort three bits
 * for each; against a reference block or a dictionary, the places where it differs.
 */
final class Nibbles implements Codecs {

  private static final int MOST_DIFFERENCES = 8;
  private static final int DIFFERENCE_BYTES = 5;

  static final FormatId ID = new FormatId("dev.larder.test.nibbles", 1);

  @Override
  public int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws LarderException {
    require(codec);
    int length = block.remaining();
    Optional<ByteBuffer> other = context.reference().or(context::dictionary);
    if (other.isPresent()) {
      return differences(block, other.get(), target);
    }
    int halves = (length + 1) / 2;
    if (target.remaining() < halves) {
      return DOES_NOT_FIT;
    }
    for (int i = 0; i < length; i += 2) {
      int high = block.get(block.position() + i);
      int low = i + 1 < length ? block.get(block.position() + i + 1) : 0;
      if (((high | low) & 0xF0) != 0) {
        return DOES_NOT_FIT;
      }
      target.put((byte) (high << 4 | low));
    }
    return halves;
  }

  @Override
  public int encodeThoroughly(
      FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws LarderException {
    require(codec);
    if (context.reference().or(context::dictionary).isPresent()) {
      return encode(codec, block, context, target);
    }
    int length = block.remaining();
    int bytes = tightBytes(length);
    if (target.remaining() < bytes) {
      return DOES_NOT_FIT;
    }
    byte[] tight = new byte[bytes];
    for (int i = 0; i < length; i++) {
      int value = block.get(block.position() + i);
      if ((value & 0xF8) != 0) {
        return DOES_NOT_FIT;
      }
      for (int bit = 0; bit < 3; bit++) {
        int at = 3 * i + bit;
        tight[at / 8] |= (byte) ((value >> bit & 1) << at % 8);
      }
    }
    target.put(tight);
    return bytes;
  }

  private static int tightBytes(int length) {
    return (3 * length + 7) / 8;
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws LarderException, MalformedBlockException {
    require(codec);
    int length = target.remaining();
    Optional<ByteBuffer> other = context.reference().or(context::dictionary);
    if (other.isPresent()) {
      applyDifferences(stored, other.get(), target);
      return;
    }
    if (stored.remaining() == tightBytes(length) && tightBytes(length) != (length + 1) / 2) {
      decodeTight(stored, target);
      return;
    }
    if (stored.remaining() != (length + 1) / 2) {
      throw new MalformedBlockException("another length");
    }
    for (int i = 0; i < length; i++) {
      int pair = stored.get(stored.position() + i / 2);
      target.put((byte) ((i % 2 == 0 ? pair >> 4 : pair) & 0x0F));
    }
  }

  private static void decodeTight(ByteBuffer stored, ByteBuffer target) {
    for (int at = 0; target.hasRemaining(); at += 3) {
      int value = 0;
      for (int bit = 0; bit < 3; bit++) {
        int place = at + bit;
        value |= (stored.get(stored.position() + place / 8) >> place % 8 & 1) << bit;
      }
      target.put((byte) value);
    }
  }

  /** One of the samples. */
  @Override
  public Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes) {
    return Optional.of(samples.get(0)).filter(sample -> sample.remaining() <= mostBytes);
  }

  private static int differences(ByteBuffer block, ByteBuffer reference, ByteBuffer target) {
    int start = target.position();
    if (reference.remaining() < block.remaining()
        || target.remaining() <= DIFFERENCE_BYTES * MOST_DIFFERENCES) {
      return DOES_NOT_FIT;
    }
    for (int i = 0; i < block.remaining(); i++) {
      byte now = block.get(block.position() + i);
      if (now != reference.get(reference.position() + i)) {
        if (target.position() - start >= DIFFERENCE_BYTES * MOST_DIFFERENCES) {
          target.position(start);
          return DOES_NOT_FIT;
        }
        target.putInt(i).put(now);
      }
    }
    target.put((byte) 0); // none is empty
    return target.position() - start;
  }

  private static void applyDifferences(ByteBuffer stored, ByteBuffer reference, ByteBuffer target) {
    ByteBuffer in = stored.duplicate();
    int start = target.position();
    target.put(reference.slice(reference.position(), target.remaining()));
    while (in.remaining() >= DIFFERENCE_BYTES) {
      target.put(start + in.getInt(), in.get());
    }
  }

  private static void require(FormatId codec) throws LarderException {
    if (!codec.equals(ID)) {
      throw new LarderException(ErrorCode.CODEC_MISSING, "no codec " + codec, "");
    }
  }
}
