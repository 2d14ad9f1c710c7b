package dev.larder.codec.planes;

import com.github.luben.zstd.Zstd;
import dev.larder.codec.planes.Layout.Relation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec.Effort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes planes; see {@link Layout} for the form. */
final class PlanesEncoder implements BlockEncoder {

  private static final int NORMAL_LEVEL = 3;
  private static final int HIGH_LEVEL = 15;

  /** A plane that promises less than this is not tried, and one that gains less is kept raw. */
  private static final double WORTHWHILE = 0.985;

  /** So much of a block tells whether bytes repeat in it. */
  private static final int PROBE_BYTES = 4 << 10;

  /** What repeats makes a frame so much shorter than planes promise. */
  private static final double REPEATS = 0.95;

  private static final byte[] NOTHING = {};

  private final Survey survey = new Survey();
  private final Frames planeFrames;
  private final Frames wholeFrames;
  private final int level;
  private final boolean thorough;
  private @Nullable Frames prefixedFrames;
  private byte[] block = NOTHING;
  private byte[] reference = NOTHING;
  private byte[] numbers = NOTHING;
  private byte[] planes = NOTHING;
  private byte[] best = NOTHING;
  private byte[] other = NOTHING;
  private int bestBytes;
  private boolean closed;

  PlanesEncoder(Effort effort) {
    this.thorough = effort == Effort.HIGH;
    this.level = thorough ? HIGH_LEVEL : NORMAL_LEVEL;
    this.planeFrames = Frames.ofPlanes();
    this.wholeFrames = new Frames(level);
  }

  @Override
  public int encode(ByteBuffer source, BlockContext context, ByteBuffer target) throws IOException {
    if (closed) {
      throw new IllegalStateException("the encoder is closed");
    }
    int length = source.remaining();
    makeRoom(length);
    source.get(source.position(), block, 0, length);
    bestBytes = Integer.MAX_VALUE;
    ByteBuffer base = context.reference().orElse(null);
    if (base != null && base.hasRemaining()) {
      encodeAgainst(base, length);
    } else {
      encodeAlone(length);
    }
    if (bestBytes > target.remaining()) {
      return DOES_NOT_FIT;
    }
    target.put(best, 0, bestBytes);
    return bestBytes;
  }

  private void makeRoom(int length) {
    if (block.length < length) {
      block = new byte[length];
      numbers = new byte[length];
      planes = new byte[length];
      int most = Layout.MOST_HEADER_BYTES + Math.toIntExact(Zstd.compressBound(length));
      best = new byte[most];
      other = new byte[most];
    }
  }

  private void encodeAlone(int length) throws IOException {
    Layout layout = survey.layout(block, length);
    if (layout.size() == 1) {
      consider(whole(wholeFrames, Layout.BYTES, block, length));
      return;
    }
    double promised = survey.bits();
    consider(planes(layout, block, length));
    if (layout.rotated() && (thorough || signsHideWhatRepeats(layout, length))) {
      consider(planes(layout.with(false), block, length));
    }
    if (thorough || repeats(length, promised)) {
      consider(whole(wholeFrames, Layout.BYTES, block, length));
    }
  }

  /** Mantissas may repeat where signs do not, as in the bases of a Fourier transform. */
  private boolean signsHideWhatRepeats(Layout layout, int length) {
    int count = layout.count(length);
    Planes.split(block, layout.phase(), layout.size(), count, planes);
    return survey.repeats(planes, (layout.size() - 1) * count, count);
  }

  private boolean repeats(int length, double promised) throws IOException {
    if (survey.repeats(block, 0, length)) {
      return true;
    }
    int probe = Math.min(length, PROBE_BYTES);
    int room = (int) (probe * promised / 8 * REPEATS);
    return planeFrames.write(block, (length - probe) / 2, probe, other, 0, room) >= 0;
  }

  private void encodeAgainst(ByteBuffer base, int length) throws IOException {
    byte[] prefix = new byte[base.remaining()];
    base.get(base.position(), prefix);
    if (reference.length < length) {
      reference = new byte[length];
    }
    int covered = Math.min(length, prefix.length);
    System.arraycopy(prefix, 0, reference, 0, covered);
    Arrays.fill(reference, covered, length, (byte) 0);
    Layout layout = survey.layout(block, length);
    consider(related(layout.with(Relation.SUBTRACTED), length));
    consider(related(layout.with(Relation.XORED), length));
    if (prefixedFrames == null) {
      prefixedFrames = new Frames(level);
    }
    prefixedFrames.prefix(prefix);
    int bytes = whole(prefixedFrames, Layout.BYTES.with(Relation.PREFIXED), block, length);
    if (bytes < 0) {
      prefixedFrames.close();
      prefixedFrames = null;
    }
    consider(bytes);
  }

  private int related(Layout layout, int length) throws IOException {
    System.arraycopy(block, 0, numbers, 0, length);
    int count = layout.count(length);
    if (layout.relation() == Relation.SUBTRACTED) {
      Difference.subtract(numbers, reference, layout.phase(), layout.size(), count);
    } else {
      Difference.xor(numbers, reference, layout.phase(), layout.size() * count);
    }
    return layout.size() == 1
        ? whole(planeFrames, layout, numbers, length)
        : planes(layout, numbers, length);
  }

  /** Takes what lies in {@code other} if it is shorter than the best so far. */
  private void consider(int bytes) {
    if (bytes >= 0 && bytes < bestBytes) {
      byte[] shorter = other;
      other = best;
      best = shorter;
      bestBytes = bytes;
    }
  }

  private int whole(Frames frames, Layout layout, byte[] from, int length) throws IOException {
    other[0] = layout.encoded();
    int frame = frames.write(from, 0, length, other, 1, other.length - 1);
    return frame < 0 ? -1 : 1 + frame;
  }

  private int planes(Layout layout, byte[] from, int length) throws IOException {
    int size = layout.size();
    int count = layout.count(length);
    byte[] source = from;
    if (layout.rotated()) {
      System.arraycopy(from, 0, numbers, 0, length);
      Planes.rotate(numbers, layout.phase(), size, count);
      source = numbers;
    }
    Planes.split(source, layout.phase(), size, count, planes);
    int[] frames = new int[size];
    int frameCount = 0;
    int rawFlags = 0;
    int at = Layout.MOST_HEADER_BYTES;
    for (int plane = 0; plane < size; plane++) {
      int bytes = plane(plane * count, count, at);
      if (bytes < 0) {
        System.arraycopy(planes, plane * count, other, at, count);
        rawFlags |= 1 << size - 1 - plane;
        at += count;
      } else {
        frames[frameCount++] = bytes;
        at += bytes;
      }
    }
    int edge = layout.phase();
    System.arraycopy(from, 0, other, at, edge);
    int tail = length - edge - size * count;
    System.arraycopy(from, length - tail, other, at + edge, tail);
    int body = at + edge + tail - Layout.MOST_HEADER_BYTES;
    int header = 2;
    other[0] = layout.encoded();
    other[1] = (byte) rawFlags;
    for (int frame = 0; frame < frameCount - 1; frame++) {
      other[header++] = (byte) (frames[frame] >>> 16);
      other[header++] = (byte) (frames[frame] >>> 8);
      other[header++] = (byte) frames[frame];
    }
    System.arraycopy(other, Layout.MOST_HEADER_BYTES, other, header, body);
    return header + body;
  }

  /** Length of a plane's frame; -1 if it is better left raw. */
  private int plane(int from, int count, int at) throws IOException {
    int room = (int) (count * WORTHWHILE);
    return thorough
            || survey.promises(planes, from, count, WORTHWHILE)
            || survey.repeats(planes, from, count)
        ? planeFrames.write(planes, from, count, other, at, room)
        : -1;
  }

  @Override
  public void close() {
    closed = true;
    planeFrames.close();
    wholeFrames.close();
    if (prefixedFrames != null) {
      prefixedFrames.close();
    }
  }
}
