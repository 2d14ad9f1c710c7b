package dev.larder.itest.fuzz;

import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.MalformedBlockException;
import dev.larder.store.format.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A codec. The input: a byte of choices, the length of the block in three bytes, and the stored
 * form; with a reference, its length in two bytes and its bytes before that. It is decoded, which
 * may fail in one way only and must leave everything around the block alone; then the same bytes
 * are encoded, and decoded to what they were.
 */
final class CodecTarget implements Target {

  private static final int DIRECT = 1;
  private static final int REFERENCE = 2;
  private static final int DICTIONARY = 4;
  private static final int SMALL = 8;

  private static final int GUARD = 64;

  /** Bytes at the end of a block that are looked at: what was not written is there. */
  private static final int MOST_FILLED = 4096;

  private static final byte UNTOUCHED = (byte) 0xA5;

  private final Codec codec;
  private final BlockDecoder decoder;
  private final BlockEncoder encoder;
  private final ByteBuffer heap = ByteBuffer.allocate(Codec.MAX_BLOCK_BYTES + 2 * GUARD);
  private final ByteBuffer direct = ByteBuffer.allocateDirect(Codec.MAX_BLOCK_BYTES + 2 * GUARD);

  CodecTarget(Codec codec) {
    this.codec = codec;
    this.decoder = codec.newDecoder(codec.id().version());
    this.encoder = codec.newEncoder(Codec.Effort.NORMAL);
  }

  @Override
  public synchronized void take(byte[] input) throws IOException {
    Bytes in = new Bytes(input);
    int choices = in.next();
    int length = (in.next() << 16 | in.next() << 8 | in.next()) % Codec.MAX_BLOCK_BYTES + 1;
    if ((choices & SMALL) != 0) {
      length = (length - 1) % 1024 + 1;
    }
    byte[] other = (choices & (REFERENCE | DICTIONARY)) == 0 ? new byte[0] : in.take(in.below(600));
    byte[] rest = in.rest();
    boolean outside = (choices & DIRECT) != 0;
    BlockContext context =
        new BlockContext(
            (choices & REFERENCE) == 0 ? Optional.empty() : Optional.of(copy(other, outside)),
            (choices & DICTIONARY) == 0 ? Optional.empty() : Optional.of(copy(other, outside)),
            BlockAnnotation.NONE);
    ByteBuffer memory = outside ? direct : heap;
    boolean decodes = decode(copy(rest, outside), context, length, memory, (byte) 0);
    if (decodes) {
      int first = Checksum.of(memory, GUARD, length);
      decode(copy(rest, outside), context, length, memory, (byte) -1);
      require(Checksum.of(memory, GUARD, length) == first, "some of the block was not written");
    }
    if (rest.length > 0) {
      roundTrip(rest, context, outside);
    }
  }

  private static ByteBuffer copy(byte[] bytes, boolean outside) {
    ByteBuffer copy =
        outside ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length);
    return copy.put(bytes).flip();
  }

  /** Decodes into memory that was filled before; false if that cannot be a stored form. */
  private boolean decode(
      ByteBuffer stored, BlockContext context, int length, ByteBuffer memory, byte before)
      throws IOException {
    for (int i = 0; i < Math.min(length, MOST_FILLED); i++) {
      memory.put(GUARD + length - 1 - i, before);
    }
    guard(memory, 0);
    guard(memory, GUARD + length);
    ByteBuffer target = memory.duplicate().clear().position(GUARD).limit(GUARD + length);
    int end = stored.limit();
    boolean decodes = false;
    try {
      decoder.decode(stored, context, target);
      decodes = true;
      require(!target.hasRemaining(), "decoded less than the block");
    } catch (MalformedBlockException e) {
      // as its contract says
    }
    require(stored.position() == 0 && stored.limit() == end, "the stored form was moved");
    requireUntouched(memory, 0);
    requireUntouched(memory, GUARD + length);
    return decodes;
  }

  private static void guard(ByteBuffer memory, int at) {
    for (int i = 0; i < GUARD; i++) {
      memory.put(at + i, UNTOUCHED);
    }
  }

  private static void requireUntouched(ByteBuffer memory, int at) {
    for (int i = 0; i < GUARD; i++) {
      require(memory.get(at + i) == UNTOUCHED, "wrote outside of the block, at " + (at + i));
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private void roundTrip(byte[] block, BlockContext context, boolean outside) throws IOException {
    byte[] plain = Arrays.copyOf(block, Math.min(block.length, Codec.MAX_BLOCK_BYTES));
    ByteBuffer stored = copy(new byte[codec.maxEncodedLength(plain.length)], outside).clear();
    int count = encoder.encode(copy(plain, outside), context, stored);
    require(count > 0 && count == stored.position(), "encoded to " + count + " bytes");
    ByteBuffer target = copy(plain, outside).clear();
    for (int i = 0; i < plain.length; i++) {
      target.put(i, (byte) ~plain[i]);
    }
    decoder.decode(stored.flip(), context, target);
    require(target.flip().equals(ByteBuffer.wrap(plain)), "decoded to another block");
  }
}
