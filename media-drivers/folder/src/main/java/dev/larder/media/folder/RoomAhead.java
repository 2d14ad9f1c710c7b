package dev.larder.media.folder;

/**
 * Decides how far a pack's file is extended with zeros ahead of its end.
 *
 * <p>A force of a file that has grown makes a journalling file system write its journal: some 24
 * KiB on ext4, for whatever few bytes were appended. Where little is appended between forces, time
 * and again, the file is therefore made longer in steps, so that most forces write the appended
 * bytes alone. The zeros themselves are written, so a step is never much more than what was
 * appended before, and large appends get none. For one thread at a time.
 */
final class RoomAhead {

  /** Appended between two forces. Above it, the zeros would cost more than the journal. */
  private static final long SMALL = 16 << 10;

  private static final int FIRST_STEP = 16 << 10;
  private static final int LARGEST_STEP = 256 << 10;

  private boolean smallBefore;
  private int step = FIRST_STEP;

  /**
   * Asked before each force of a file that has grown.
   *
   * @param appended bytes since the force before
   * @return bytes of zeros to write behind the end; 0 for none
   */
  int before(long appended) {
    if (appended > SMALL) {
      smallBefore = false;
      step = FIRST_STEP;
      return 0;
    }
    if (!smallBefore) {
      smallBefore = true;
      return 0;
    }
    int next = step;
    step = Math.min(LARGEST_STEP, 2 * step);
    return next;
  }
}
