package dev.larder.store.engine;

import dev.larder.store.collect.Scrubber;
import java.io.IOException;

/**
 * How far a scrub has come: kept in the superblock, so that one which a restart has cut off can be
 * taken up again. For one thread.
 */
final class ScrubMark implements Scrubber.Progress {

  /** A superblock is written for it after so many bytes at the earliest: flash is spared. */
  private static final long SAVED_EVERY = 1L << 30;

  private final VolumeState state;
  private final long begin;
  private long unsaved;
  private boolean saved;

  ScrubMark(VolumeState state, long begin) {
    this.state = state;
    this.begin = begin;
    this.saved = state.scrubbed() != 0;
  }

  long begin() {
    state.scrubbed(begin);
    return begin;
  }

  @Override
  public void passed(int pack) throws IOException {
    state.scrubbed(pack);
    unsaved += state.files().size(pack);
    if (unsaved >= SAVED_EVERY) {
      unsaved = 0;
      saved = true;
      state.saveMarks();
    }
  }

  /** All packs are done. */
  void done() throws IOException {
    state.scrubbed(0);
    if (saved || state.damage().any()) {
      state.saveMarks();
    }
  }
}
