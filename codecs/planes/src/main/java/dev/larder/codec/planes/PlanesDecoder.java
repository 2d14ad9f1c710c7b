package dev.larder.codec.planes;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.larder.codec.planes.Layout.Relation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.MalformedBlockException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Reads planes. Every length is held against what is there and against the block's. */
final class PlanesDecoder implements BlockDecoder {

  private static final byte[] NOTHING = {};

  private final ZstdDecompressCtx alone = new ZstdDecompressCtx().setMagicless(true);
  private @Nullable ZstdDecompressCtx prefixed;
  private ByteBuffer stored = ByteBuffer.allocate(0);
  private byte[] planes = NOTHING;
  private byte[] block = NOTHING;
  private byte[] reference = NOTHING;
  private boolean closed;

  @Override
  public void decode(ByteBuffer source, BlockContext context, ByteBuffer target)
      throws MalformedBlockException {
    if (closed) {
      throw new IllegalStateException("the decoder is closed");
    }
    int length = target.remaining();
    int bytes = source.remaining();
    if (bytes == 0 || length == 0) {
      throw new MalformedBlockException("no planes of " + length + " bytes in " + bytes);
    }
    stored = source.isDirect() ? source.slice() : direct(source);
    if (block.length < length) {
      block = new byte[length];
      planes = new byte[length];
    }
    Layout layout = Layout.decode(stored.get(0));
    ByteBuffer base = base(layout, context);
    if (layout.relation() == Relation.PREFIXED) {
      frame(with(base), bytes, target);
    } else if (layout.relation() == Relation.NONE && layout.size() == 1) {
      frame(alone, bytes, target);
    } else {
      if (layout.size() == 1) {
        frame(alone, 1, bytes - 1, block, 0, length);
      } else {
        join(layout, bytes, length);
      }
      relate(layout, base, length);
      target.put(block, 0, length);
    }
  }

  private static ByteBuffer direct(ByteBuffer source) {
    return ByteBuffer.allocateDirect(source.remaining()).put(source.duplicate()).flip();
  }

  /** A frame that is the whole block, without a copy where the target allows it. */
  private void frame(ZstdDecompressCtx context, int bytes, ByteBuffer target)
      throws MalformedBlockException {
    int length = target.remaining();
    if (target.isDirect()) {
      frame(
          () ->
              context.decompressDirectByteBuffer(
                  target, target.position(), length, stored, 1, bytes - 1),
          length);
      target.position(target.limit());
    } else {
      frame(context, 1, bytes - 1, block, 0, length);
      target.put(block, 0, length);
    }
  }

  private static ByteBuffer base(Layout layout, BlockContext context)
      throws MalformedBlockException {
    ByteBuffer base = context.reference().orElse(ByteBuffer.allocate(0));
    if (layout.relation() != Relation.NONE && !base.hasRemaining()) {
      throw new MalformedBlockException("planes against a reference, and there is none");
    }
    return base;
  }

  private ZstdDecompressCtx with(ByteBuffer base) {
    if (prefixed == null) {
      prefixed = new ZstdDecompressCtx().setMagicless(true);
    }
    byte[] prefix = new byte[base.remaining()];
    base.get(base.position(), prefix);
    prefixed.loadDict(prefix);
    return prefixed;
  }

  private void frame(ZstdDecompressCtx context, int at, int bytes, byte[] to, int toAt, int length)
      throws MalformedBlockException {
    frame(
        () -> context.decompressDirectByteBufferToByteArray(to, toAt, length, stored, at, bytes),
        length);
  }

  private static void frame(IntSupplier decoding, int length) throws MalformedBlockException {
    int decoded;
    try {
      decoded = decoding.getAsInt();
    } catch (ZstdException e) {
      throw new MalformedBlockException(
          "not a frame of " + length + " bytes: " + e.getMessage(), e);
    }
    if (decoded != length) {
      throw new MalformedBlockException("a frame of " + decoded + " bytes, not of " + length);
    }
  }

  private void join(Layout layout, int bytes, int length) throws MalformedBlockException {
    int size = layout.size();
    int count = layout.count(length);
    int edges = length - size * count;
    int rawFlags = bytes < 2 ? 0 : stored.get(1);
    int frames = size - Integer.bitCount(rawFlags & (1 << size) - 1);
    int lengths = 2;
    int at = lengths + 3 * Math.max(0, frames - 1);
    int end = bytes - edges;
    if (at > end || rawFlags >>> size != 0) {
      throw new MalformedBlockException("the planes are cut off at " + bytes + " bytes");
    }
    Planes.Plane[] parts = new Planes.Plane[size];
    for (int plane = 0; plane < size; plane++) {
      boolean raw = (rawFlags >>> size - 1 - plane & 1) != 0;
      int here = count;
      if (!raw) {
        frames--;
        here =
            frames > 0 ? length(lengths) : end - at - rawBehind(rawFlags, size - 1 - plane, count);
        lengths += frames > 0 ? 3 : 0;
      }
      if (here < 0 || here > end - at) {
        throw new MalformedBlockException("a plane is longer than what is there: " + here);
      }
      if (raw) {
        stored.get(at, planes, plane * count, count);
      } else {
        frame(alone, at, here, planes, plane * count, count);
      }
      parts[plane] = new Planes.Plane(planes, plane * count);
      at += here;
    }
    if (at != end) {
      throw new MalformedBlockException(end - at + " bytes behind the planes");
    }
    Planes.join(parts, size, layout.rotated(), count, block, layout.phase());
    stored.get(end, block, 0, layout.phase());
    int tail = edges - layout.phase();
    stored.get(end + layout.phase(), block, length - tail, tail);
  }

  /** Bytes of the raw planes behind one. */
  private static int rawBehind(int rawFlags, int planesBehind, int count) {
    return count * Integer.bitCount(rawFlags & (1 << planesBehind) - 1);
  }

  private int length(int at) {
    return (stored.get(at) & 0xFF) << 16
        | (stored.get(at + 1) & 0xFF) << 8
        | stored.get(at + 2) & 0xFF;
  }

  private void relate(Layout layout, ByteBuffer base, int length) {
    if (layout.relation() == Relation.NONE) {
      return;
    }
    if (reference.length < length) {
      reference = new byte[length];
    }
    int covered = Math.min(length, base.remaining());
    base.get(base.position(), reference, 0, covered);
    Arrays.fill(reference, covered, length, (byte) 0);
    int count = layout.count(length);
    if (layout.relation() == Relation.SUBTRACTED) {
      Difference.add(block, reference, layout.phase(), layout.size(), count);
    } else {
      Difference.xor(block, reference, layout.phase(), layout.size() * count);
    }
  }

  @Override
  public void close() {
    closed = true;
    alone.close();
    if (prefixed != null) {
      prefixed.close();
    }
  }
}
