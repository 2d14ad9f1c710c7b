package dev.larder.store.engine;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.PackEntry;
import dev.larder.store.VolumeContext;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.PackContents;
import dev.larder.store.pack.PackContents.FoundCommit;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackInput;
import dev.larder.store.pack.PackLoader;
import dev.larder.store.pack.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a volume: every acknowledged commit is visible afterwards, and nothing else.
 *
 * <p>A sealed pack's footer is taken at its word, and so is what a pack that was scanned had
 * forced: what is missing there is damage and not a put that was cut off, so it must not bring back
 * what was before. Of the rest of a scanned pack, a manifest counts only if all its blocks are
 * there, a reference change only if its target counts, and the records of one commit all or none.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int WINDOW_BYTES = 256 << 10;

  private final VolumeState state;
  private final List<PackContents> scanned = new ArrayList<>();
  private final Set<Digest> everAdded = new HashSet<>();

  private Recovery(VolumeState state) {
    this.state = state;
  }

  static VolumeState open(Medium medium, VolumeContext context) throws IOException {
    Counters counters = new Counters();
    Superblocks superblocks = Superblocks.open(medium, context.stamps().gateway(), counters);
    VolumeState state = new VolumeState(medium, context, counters, superblocks);
    try {
      new Recovery(state).run();
      return state;
    } catch (IOException | RuntimeException e) {
      state.files().close();
      throw e;
    }
  }

  private void run() throws IOException {
    List<PackEntry> packs = new ArrayList<>(Uninterrupted.call(state.medium()::packs));
    packs.removeIf(pack -> pack.number() < 1 || pack.number() >= Integer.MAX_VALUE);
    packs.sort(Comparator.comparingLong(PackEntry::number));
    ByteBuffer window = packs.isEmpty() ? ByteBuffer.allocate(0) : window(packs);
    PackLoader loader =
        new PackLoader(state.volume(), state.secret(), state.table(), state.formats());
    for (PackEntry pack : packs) {
      state.foundPack((int) pack.number());
      load(loader, (int) pack.number(), pack.size(), window);
    }
    acceptScanned();
    requirePlausible();
    boolean ours = state.superblock().writer().equals(state.context().stamps().gateway());
    if (ours && state.medium().writable()) {
      state.unsealed().seal();
    }
  }

  private void requirePlausible() throws LarderException {
    if (state.journal().lastSequence() >= Layout.COUNTER_TRUSTED) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          name() + " has sequence numbers that no gateway has written",
          "do not trust this medium; make a new volume on it");
    }
  }

  private static ByteBuffer window(List<PackEntry> packs) {
    long largest = packs.stream().mapToLong(PackEntry::size).max().orElse(0);
    return largest <= 64 << 10
        ? ByteBuffer.allocate(64 << 10)
        : ByteBuffer.allocateDirect(WINDOW_BYTES);
  }

  private void load(PackLoader loader, int number, long size, ByteBuffer window)
      throws IOException {
    state.files().known(number, size);
    Optional<PackContents> loaded;
    try (PackFiles.Lease lease = state.files().lease(number)) {
      loaded =
          loader.load(
              number, new PackInput(lease.file(), size, window, state.counters()), state.unit());
    }
    if (loaded.isEmpty()) {
      LOG.warn("{}: pack {} holds nothing of this volume and is passed over", name(), number);
      return;
    }
    PackContents contents = loaded.get();
    if (contents.sealed()) {
      for (FoundCommit commit : contents.commits()) {
        apply(commit.record());
      }
    } else {
      LOG.info("{}: pack {} has no footer and was scanned", name(), number);
      scanned.add(contents);
    }
  }

  private String name() {
    return state.errors().name();
  }

  private void apply(CommitRecord record) {
    state.journal().apply(record);
    state.observe(record.stamp());
    if (record instanceof CommitRecord.Added added) {
      everAdded.add(added.artifact().digest());
    }
  }

  private void acceptScanned() throws IOException {
    int last = state.files().numbers().stream().mapToInt(n -> n).max().orElse(0);
    for (PackContents contents : scanned) {
      List<FoundCommit> whole = wholeCommits(contents, contents.number() == last);
      List<CommitRecord> accepted = new ArrayList<>();
      for (FoundCommit commit : whole) {
        if (contents.wasForced(commit) || acceptable(commit)) {
          apply(commit.record());
          accepted.add(commit.record());
        } else {
          LOG.info("{}: {} is not complete and is passed over", name(), commit.record());
        }
      }
      contents.lost().forEach(stretch -> lost(contents.number(), stretch));
      state.unsealed().add(contents, accepted);
    }
  }

  private void lost(int pack, PackContents.Stretch stretch) {
    state.damage().lost(pack, stretch.from(), stretch.to());
    LOG.warn(
        "{}: bytes {} to {} of pack {} are damaged", name(), stretch.from(), stretch.to(), pack);
  }

  /** Leaves out a commit whose last records are missing at the end of the stream. */
  private static List<FoundCommit> wholeCommits(PackContents contents, boolean endOfStream) {
    List<FoundCommit> commits = contents.commits();
    int size = commits.size();
    while (endOfStream && size > 0 && (commits.get(size - 1).flags() & RecordHeader.MORE) != 0) {
      size--;
    }
    return commits.subList(0, size);
  }

  private boolean acceptable(FoundCommit commit) throws IOException {
    if (commit.record() instanceof CommitRecord.Added added) {
      return blocksPresent(added);
    }
    if (commit.record() instanceof CommitRecord.Pointed pointed) {
      boolean relocated = (commit.flags() & RecordHeader.RELOCATED) != 0;
      return relocated || pointed.change().target().map(everAdded::contains).orElse(true);
    }
    return true;
  }

  private boolean blocksPresent(CommitRecord.Added added) throws IOException {
    boolean[] missing = new boolean[1];
    boolean whole =
        state
            .manifests()
            .read(
                added,
                (hash, length) -> {
                  var location = state.table().find(hash);
                  missing[0] |= location == null || location.form().raw() != length;
                })
            .isPresent();
    return whole && !missing[0];
  }
}
