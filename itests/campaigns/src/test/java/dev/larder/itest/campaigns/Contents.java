package dev.larder.itest.campaigns;

import dev.larder.itest.gateway.Content;
import java.util.SplittableRandom;

/**
 * What the clients of a campaign put: families of contents whose members differ in some places, so
 * that much is deduplicated; some pack well, some do not; the same ones come again and again. All
 * of it follows from the random source.
 */
final class Contents {

  private static final int FAMILIES = 24;
  private static final int MEMBERS = 8;
  private static final int PATCH = 700;

  private Contents() {}

  /** One of some hundreds of contents, of at most so many bytes. */
  static byte[] pick(SplittableRandom random, int most) {
    return of(random.nextInt(FAMILIES), random.nextInt(MEMBERS), most);
  }

  /** A content that is always the same. */
  static byte[] of(int family, int member, int most) {
    SplittableRandom random = new SplittableRandom(family * 7919L + most);
    byte[] bytes = Content.random(random.nextLong(), size(random, most));
    if (family % 3 == 0) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 7;
      }
    }
    SplittableRandom edits = new SplittableRandom(family * 104_729L + member);
    for (int i = 0; i < member && bytes.length > PATCH; i++) {
      byte[] patch = Content.random(edits.nextLong(), PATCH);
      System.arraycopy(patch, 0, bytes, edits.nextInt(bytes.length - PATCH), PATCH);
    }
    return bytes;
  }

  /** Mostly small ones, now and then one of several windows, now and then nothing at all. */
  private static int size(SplittableRandom random, int most) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(2_000);
      case 1 -> random.nextInt(most);
      case 2 -> random.nextInt(2) * 4096;
      default -> random.nextInt(most / 10);
    };
  }
}
