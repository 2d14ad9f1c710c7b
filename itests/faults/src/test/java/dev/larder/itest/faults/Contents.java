package dev.larder.itest.faults;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** Every content that was ever handed to a volume in a world, by its digest. */
final class Contents {

  private static final int BLOCK = 4096;

  private static final byte[] FAMILY = new byte[BLOCK];

  static {
    new SplittableRandom(7).nextBytes(FAMILY);
    for (int i = 0; i < BLOCK; i++) {
      FAMILY[i] &= 7;
    }
  }

  private final Random random;
  private final Map<Digest, byte[]> known = new HashMap<>();
  private final List<Digest> order = new ArrayList<>();

  Contents(Random random) {
    this.random = random;
  }

  static Digest digest(byte[] content) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] of(Digest digest) {
    return known.get(digest);
  }

  boolean knows(Digest digest) {
    return known.containsKey(digest);
  }

  /** A content: new, a former one, or one that shares blocks with a former one. */
  Digest next() {
    int kind = random.nextInt(10);
    if (kind == 0 && !order.isEmpty()) {
      return order.get(random.nextInt(order.size()));
    }
    return know(kind < 4 && !order.isEmpty() ? edited() : fresh());
  }

  /** A new one that does not compress. */
  Digest fresh(int bytes) {
    byte[] content = new byte[bytes];
    new SplittableRandom(random.nextLong()).nextBytes(content);
    return know(content);
  }

  /**
   * Blocks that differ little, of protocol data: now and then enough to train a dictionary from.
   */
  Digest family() {
    int blocks = random.nextInt(4) == 0 ? 80 : 1 + random.nextInt(3);
    byte[] content = new byte[blocks * BLOCK];
    for (int at = 0; at < content.length; at += BLOCK) {
      System.arraycopy(FAMILY, 0, content, at, BLOCK);
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        content[at + random.nextInt(BLOCK)] = (byte) random.nextInt(8);
      }
    }
    return know(content);
  }

  /** One that is made of every n-th block of another one. */
  Digest everyBlock(Digest other, int block, int step) {
    byte[] from = of(other);
    ByteBuffer content = ByteBuffer.allocate(from.length / step);
    for (int at = 0; content.remaining() >= block; at += step * block) {
      content.put(from, at, block);
    }
    return know(content.array());
  }

  private Digest know(byte[] content) {
    Digest digest = digest(content);
    if (known.put(digest, content) == null) {
      order.add(digest);
    }
    return digest;
  }

  private byte[] edited() {
    byte[] content = of(order.get(random.nextInt(order.size()))).clone();
    for (int edits = random.nextInt(3); edits >= 0 && content.length > 0; edits--) {
      content[random.nextInt(content.length)]++;
    }
    return content;
  }

  private byte[] fresh() {
    byte[] content = new byte[size()];
    new SplittableRandom(random.nextLong()).nextBytes(content);
    if (random.nextInt(3) == 0) {
      for (int i = 0; i < content.length; i++) {
        content[i] &= 7; // compresses
      }
    }
    return content;
  }

  private int size() {
    int kind = random.nextInt(100);
    if (kind < 1) {
      return 1_000_000 + random.nextInt(1_000_000); // more than a pack
    }
    if (kind < 4) {
      return 100_000 + random.nextInt(400_000);
    }
    if (kind < 10) {
      return random.nextInt(16 * BLOCK);
    }
    if (kind < 15) {
      return BLOCK * random.nextInt(4); // none, or whole blocks
    }
    return random.nextInt(3 * BLOCK);
  }
}
