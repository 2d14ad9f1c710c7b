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
  private static final int NOT_RAW = -1;

  /** Numbers that are put together at a time. */
  private static final int CHUNK = 2 << 10;

  private final Alignment alignment = new Alignment();
  private final ZstdDecompressCtx alone = new ZstdDecompressCtx().setMagicless(true);
  private @Nullable ZstdDecompressCtx prefixed;
  private ByteBuffer stored = ByteBuffer.allocate(0);
  private byte[] planes = NOTHING;
  private byte[] packed = NOTHING;
  private byte[] rest = NOTHING;
  private byte[] block = NOTHING;
  private byte[] reference = NOTHING;
  private final int[] rawAt = new int[4];
  private final byte[] rawChunk = new byte[4 * CHUNK];
  private final byte[] chunk = new byte[4 * CHUNK];
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
    } else if (layout.relation() == Relation.NONE && !layout.planes()) {
      frame(alone, bytes, target);
    } else {
      int header = layout.aligned() ? 1 + alignment.read(stored, 1, length) : 1;
      if (layout.relation() == Relation.NONE) {
        join(layout, planes(layout, header, bytes, length), target);
        return;
      }
      if (layout.planes()) {
        join(layout, planes(layout, header, bytes, length), ByteBuffer.wrap(block, 0, length));
      } else {
        frame(alone, header, bytes - header, block, 0, length);
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

  /** Decodes planes, but for those that are raw; returns where the bytes in no number are. */
  private int planes(Layout layout, int header, int bytes, int length)
      throws MalformedBlockException {
    int size = layout.size();
    int count = layout.count(length);
    int edges = length - size * count;
    int flags = header < bytes ? stored.get(header) & 0xFF : 0;
    int raw = flags & Layout.SPARSE - 1;
    int sparse = flags / Layout.SPARSE;
    int compressed = size - Integer.bitCount(raw);
    int lengths = header + 1;
    int at = lengths + Layout.LENGTH_BYTES * Math.max(0, compressed - 1);
    int end = bytes - edges;
    if (at > end || (raw | sparse) >>> size != 0 || (raw & sparse) != 0) {
      throw new MalformedBlockException("the planes are cut off at " + bytes + " bytes");
    }
    for (int plane = 0; plane < size; plane++) {
      int behind = size - 1 - plane;
      int here = count;
      if ((raw >>> behind & 1) == 0) {
        compressed--;
        here =
            compressed > 0
                ? Layout.length(stored, lengths)
                : end - at - rawBehind(raw, behind, count);
        lengths += compressed > 0 ? Layout.LENGTH_BYTES : 0;
      }
      if (here < 0 || here > end - at) {
        throw new MalformedBlockException("a plane is longer than what is there: " + here);
      }
      rawAt[plane] = (raw >>> behind & 1) != 0 ? at : NOT_RAW;
      if ((sparse >>> behind & 1) != 0) {
        sparse(at, here, plane * count, count);
      } else if (rawAt[plane] == NOT_RAW) {
        frame(alone, at, here, planes, plane * count, count);
      }
      at += here;
    }
    if (at != end) {
      throw new MalformedBlockException(end - at + " bytes behind the planes");
    }
    return end;
  }

  /** Puts the numbers together, some at a time: what is copied stays in the nearest cache. */
  private void join(Layout layout, int edges, ByteBuffer target) {
    int size = layout.size();
    int count = layout.count(target.remaining());
    int tail = target.remaining() - layout.phase() - size * count;
    target.put(stored.slice(edges, layout.phase()));
    Planes.Plane[] parts = new Planes.Plane[size];
    for (int from = 0; from < count; from += CHUNK) {
      int some = Math.min(CHUNK, count - from);
      for (int plane = 0; plane < size; plane++) {
        if (rawAt[plane] == NOT_RAW) {
          parts[plane] = new Planes.Plane(planes, plane * count + from);
        } else {
          stored.get(rawAt[plane] + from, rawChunk, plane * CHUNK, some);
          parts[plane] = new Planes.Plane(rawChunk, plane * CHUNK);
        }
      }
      Planes.join(parts, size, layout.rotated(), some, chunk, 0);
      target.put(chunk, 0, size * some);
    }
    target.put(stored.slice(edges + layout.phase(), tail));
  }

  /** Bytes of the raw planes behind one. */
  private static int rawBehind(int raw, int planesBehind, int count) {
    return count * Integer.bitCount(raw & (1 << planesBehind) - 1);
  }

  private void sparse(int at, int bytes, int to, int count) throws MalformedBlockException {
    int frame = bytes < Layout.LENGTH_BYTES ? bytes : Layout.length(stored, at);
    int start = at + Layout.LENGTH_BYTES;
    int left = bytes - Layout.LENGTH_BYTES - frame;
    if (left < 0) {
      throw new MalformedBlockException("a sparse plane is cut off at " + bytes + " bytes");
    }
    int packedBytes = Sparse.packedBytes(count);
    if (packed.length < packedBytes) {
      packed = new byte[packedBytes];
    }
    frame(alone, start, frame, packed, 0, packedBytes);
    int restBytes = Sparse.rest(packed, count);
    if (rest.length < restBytes) {
      rest = new byte[block.length + 3];
    }
    if (left == restBytes) {
      stored.get(start + frame, rest, 0, restBytes);
    } else {
      frame(alone, start + frame, left, rest, 0, restBytes);
    }
    Sparse.unpack(packed, rest, planes, to, count);
  }

  private void relate(Layout layout, ByteBuffer base, int length) {
    if (layout.relation() == Relation.NONE) {
      return;
    }
    if (reference.length < length) {
      reference = new byte[length];
    }
    if (layout.aligned()) {
      alignment.lay(base, reference, length);
    } else {
      int covered = Math.min(length, base.remaining());
      base.get(base.position(), reference, 0, covered);
      Arrays.fill(reference, covered, length, (byte) 0);
    }
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
