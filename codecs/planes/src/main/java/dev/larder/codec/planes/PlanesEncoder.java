package dev.larder.codec.planes;

import com.github.luben.zstd.Zstd;
import dev.larder.codec.planes.Layout.Relation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec.Effort;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  private final Alignment alignment = new Alignment();
  private final Frames planeFrames;
  private final Frames literalFrames;
  private final Frames wholeFrames;
  private final int level;
  private final boolean thorough;
  private @Nullable Frames prefixedFrames;
  private byte[] block = NOTHING;
  private byte[] prefix = NOTHING;
  private byte[] reference = NOTHING;
  private byte[] numbers = NOTHING;
  private byte[] planes = NOTHING;
  private byte[] packed = NOTHING;
  private byte[] rest = NOTHING;
  private byte[] sparse = NOTHING;
  private byte[] best = NOTHING;
  private byte[] other = NOTHING;
  private int bestBytes;
  private boolean closed;

  PlanesEncoder(Effort effort) {
    this.thorough = effort == Effort.HIGH;
    this.level = thorough ? HIGH_LEVEL : NORMAL_LEVEL;
    this.planeFrames = Frames.ofPlanes();
    this.literalFrames = Frames.ofLiterals();
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
      packed = new byte[Sparse.packedBytes(length)];
      rest = new byte[length];
      sparse = new byte[length];
      int most = Layout.MOST_HEADER_BYTES + Math.toIntExact(Zstd.compressBound(length));
      best = new byte[most];
      other = new byte[most];
    }
  }

  private void encodeAlone(int length) throws IOException {
    Layout layout = survey.layout(block, length);
    if (layout.size() == 1) {
      consider(whole(wholeFrames, Layout.BYTES, block, length));
      if (survey.isSparse(block, 0, length)) {
        consider(planes(Layout.PLANE, block, length, true));
      }
      return;
    }
    double promised = survey.bits();
    boolean repeats = survey.lowestRepeat(block, layout, length);
    consider(planes(layout, block, length, repeats));
    if (layout.rotated() && (thorough || repeats)) {
      consider(planes(layout.with(false), block, length, repeats));
    }
    if (thorough || repeats || packsBetter(length, promised)) {
      consider(whole(wholeFrames, Layout.BYTES, block, length));
    }
  }

  /** Whether bytes in the middle take less as they are than planes of them promise. */
  private boolean packsBetter(int length, double promised) throws IOException {
    int probe = Math.min(length, PROBE_BYTES);
    int room = (int) (probe * promised / 8 * REPEATS);
    return planeFrames.write(block, (length - probe) / 2, probe, other, 0, room) >= 0;
  }

  private void encodeAgainst(ByteBuffer base, int length) throws IOException {
    if (prefix.length != base.remaining()) {
      prefix = new byte[base.remaining()]; // exactly: Zstandard takes all of it
    }
    base.get(base.position(), prefix);
    if (reference.length < length) {
      reference = new byte[length];
    }
    alignment.find(block, length, prefix, prefix.length);
    alignment.lay(base, reference, length);
    Layout found = survey.layout(block, length);
    Layout layout = (found.planes() ? found : Layout.PLANE).aligned(!alignment.isPlain());
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
    return planes(layout, numbers, length, true);
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
    int header = header(layout);
    int frame = frames.write(from, 0, length, other, header, other.length - header);
    return frame < 0 ? -1 : header + frame;
  }

  private int header(Layout layout) {
    other[0] = layout.encoded();
    return layout.aligned() ? 1 + alignment.write(other, 1) : 1;
  }

  /**
   * Writes the planes of numbers.
   *
   * @param repeat whether numbers may be copies of others
   */
  private int planes(Layout layout, byte[] from, int length, boolean repeat) throws IOException {
    int size = layout.size();
    int count = layout.count(length);
    Planes.split(from, layout.phase(), size, layout.rotated(), count, planes);
    int[] lengths = new int[size];
    int packedPlanes = 0;
    int flags = 0;
    int at = Layout.MOST_HEADER_BYTES;
    for (int plane = 0; plane < size; plane++) {
      int bytes = plane(plane * count, count, at, repeat);
      int sparseBytes = sparse(plane * count, count, bytes < 0 ? count : bytes);
      if (sparseBytes >= 0) {
        System.arraycopy(sparse, 0, other, at, sparseBytes);
        bytes = sparseBytes;
        flags |= Layout.SPARSE << size - 1 - plane;
      } else if (bytes < 0) {
        System.arraycopy(planes, plane * count, other, at, count);
        flags |= Layout.RAW << size - 1 - plane;
      }
      if (bytes >= 0) {
        lengths[packedPlanes++] = bytes;
      }
      at += bytes < 0 ? count : bytes;
    }
    int edge = layout.phase();
    System.arraycopy(from, 0, other, at, edge);
    int tail = length - edge - size * count;
    System.arraycopy(from, length - tail, other, at + edge, tail);
    int body = at + edge + tail - Layout.MOST_HEADER_BYTES;
    int header = header(layout);
    other[header++] = (byte) flags;
    for (int plane = 0; plane < packedPlanes - 1; plane++) {
      header = Layout.putLength(other, header, lengths[plane]);
    }
    System.arraycopy(other, Layout.MOST_HEADER_BYTES, other, header, body);
    return header + body;
  }

  /** Length of a plane's frame; -1 if it is better left raw. */
  private int plane(int from, int count, int at, boolean repeat) throws IOException {
    int room = (int) (count * WORTHWHILE);
    if (!thorough && !repeat && !survey.promises(planes, from, count, WORTHWHILE)) {
      return -1;
    }
    int literals = literalFrames.write(planes, from, count, other, at, room);
    if (!thorough && !survey.repeats(planes, from, count)) {
      return literals;
    }
    int shorter = literals < 0 ? room : literals - 1;
    int matches = planeFrames.write(planes, from, count, sparse, 0, shorter);
    if (matches < 0) {
      return literals;
    }
    System.arraycopy(sparse, 0, other, at, matches);
    return matches;
  }

  /** Packs a plane into {@code sparse}; -1 if that is not shorter than {@code most}. */
  private int sparse(int from, int count, int most) throws IOException {
    if (!survey.isSparse(planes, from, count)) {
      return -1;
    }
    int restBytes = Sparse.pack(planes, from, count, packed, rest);
    int start = Layout.LENGTH_BYTES;
    int frame =
        planeFrames.write(packed, 0, Sparse.packedBytes(count), sparse, start, most - start);
    if (frame < 0) {
      return -1;
    }
    int at = Layout.putLength(sparse, 0, frame) + frame;
    int room = most - 1 - at;
    int restFrame =
        planeFrames.write(rest, 0, restBytes, sparse, at, Math.min(room, restBytes - 1));
    if (restFrame < 0 && restBytes <= room) {
      System.arraycopy(rest, 0, sparse, at, restBytes);
      restFrame = restBytes;
    }
    return restFrame < 0 ? -1 : at + restFrame;
  }

  @Override
  public void close() {
    closed = true;
    planeFrames.close();
    literalFrames.close();
    wholeFrames.close();
    if (prefixedFrames != null) {
      prefixedFrames.close();
    }
  }
}
