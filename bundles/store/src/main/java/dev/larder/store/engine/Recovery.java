package dev.larder.store.engine;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.PackEntry;
import dev.larder.store.VolumeContext;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.FoundGroups;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
 * there, a reference change only if its target counts or was dropped since, and the records of one
 * commit all or none.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int WINDOW_BYTES = 256 << 10;

  private final VolumeState state;
  private final List<PackContents> scanned = new ArrayList<>();

  /** What was once a replica here, as far as records show it. */
  private final Set<Digest> everAdded = new HashSet<>();

  /** What was dropped, and so was a replica before, with the highest sequence of a drop. */
  private final Map<Digest, Long> dropped = new HashMap<>();

  private Recovery(VolumeState state) {
    this.state = state;
  }

  static VolumeState open(Medium medium, VolumeContext context) throws IOException {
    Counters counters = new Counters(System::nanoTime);
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
    long last = packs.isEmpty() ? 0 : packs.get(packs.size() - 1).number();
    for (PackEntry pack : packs) {
      state.foundPack((int) pack.number());
      boolean believed = pack.number() < Math.max(last, state.superblock().packFloor());
      load(loader, (int) pack.number(), pack.size(), believed, window);
    }
    acceptScanned();
    requirePlausible();
    boolean ours = state.superblock().writer().equals(state.context().stamps().gateway());
    if (ours && state.medium().writable()) {
      tidy();
    }
  }

  /** What a crash has left undone; on a full medium it waits, and the volume can be read. */
  private void tidy() throws IOException {
    try {
      state.completeSuperblock();
      state.sealUnsealed();
    } catch (MediumFullException e) {
      LOG.warn("{}: no room to tidy up after a crash: {}", name(), e.getMessage());
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

  /**
   * Loads one pack.
   *
   * @param believed whether its footer, if it has one, is known to be no older than what it speaks
   *     of: a later pack was begun, or the volume closed, only after the footer was forced. Else a
   *     cut may have kept the footer and lost the rest.
   */
  private void load(PackLoader loader, int number, long size, boolean believed, ByteBuffer window)
      throws IOException {
    state.files().known(number, size);
    Optional<PackContents> loaded;
    try (PackFiles.Lease lease = state.files().lease(number)) {
      loaded =
          loader.load(number, new PackInput(lease.source(), size, window), state.unit(), believed);
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
    note(record);
  }

  private void note(CommitRecord record) {
    if (record instanceof CommitRecord.Added added) {
      everAdded.add(added.artifact().digest());
    } else if (record instanceof CommitRecord.Dropped drop) {
      dropped.merge(drop.digest(), drop.sequence(), Math::max);
    }
  }

  /**
   * Takes over what counts of the packs that were scanned. Manifests first: a collection may have
   * copied one behind a reference to it. Drops before that: what a dropped artifact stood on, or
   * its manifest, may be gone with a pack that was collected.
   */
  private void acceptScanned() throws IOException {
    List<List<List<FoundCommit>>> candidates = new ArrayList<>();
    for (PackContents contents : scanned) {
      List<List<FoundCommit>> commits = FoundGroups.whole(contents);
      candidates.add(commits);
      commits.forEach(this::noteDrops);
    }
    for (int i = 0; i < scanned.size(); i++) {
      PackContents contents = scanned.get(i);
      for (Iterator<List<FoundCommit>> each = candidates.get(i).iterator(); each.hasNext(); ) {
        List<FoundCommit> commit = each.next();
        if (contents.wasForced(commit) || blocksPresent(commit)) {
          commit.forEach(found -> note(found.record()));
        } else {
          each.remove();
        }
      }
    }
    for (int i = 0; i < scanned.size(); i++) {
      PackContents contents = scanned.get(i);
      contents.lost().forEach(stretch -> lost(contents.number(), stretch));
      List<CommitRecord> accepted = fromSpares(contents);
      accepted.addAll(accept(contents, candidates.get(i)));
      state.unsealed().add(contents, accepted);
    }
  }

  /** Records that had been forced, of which damage has left only the second copy. */
  private List<CommitRecord> fromSpares(PackContents contents) {
    Set<Long> first = new HashSet<>();
    contents.commits().forEach(found -> first.add(found.record().sequence()));
    List<CommitRecord> accepted = new ArrayList<>();
    for (FoundCommit spare : contents.spares()) {
      if (contents.wasForced(List.of(spare)) && first.add(spare.record().sequence())) {
        LOG.warn("{}: {} was read from its second copy", name(), spare.record());
        apply(spare.record());
        accepted.add(spare.record());
      }
    }
    return accepted;
  }

  private void lost(int pack, PackContents.Stretch stretch) {
    state.damage().lost(pack, stretch.from(), stretch.to());
    LOG.warn(
        "{}: bytes {} to {} of pack {} are damaged", name(), stretch.from(), stretch.to(), pack);
  }

  private void noteDrops(List<FoundCommit> commit) {
    for (FoundCommit found : commit) {
      if (found.record() instanceof CommitRecord.Dropped drop) {
        note(drop);
      }
    }
  }

  private List<CommitRecord> accept(PackContents contents, List<List<FoundCommit>> commits) {
    List<CommitRecord> accepted = new ArrayList<>();
    for (List<FoundCommit> commit : commits) {
      if (contents.wasForced(commit) || commit.stream().allMatch(this::hasTarget)) {
        for (FoundCommit found : commit) {
          apply(found.record());
          accepted.add(found.record());
        }
      }
    }
    int passedOver = contents.commits().size() - accepted.size();
    if (passedOver > 0) {
      LOG.info(
          "{}: {} records of pack {} are of commits that are not complete, and are passed over",
          name(),
          passedOver,
          contents.number());
    }
    return accepted;
  }

  /** A reference counts only if its target does, or was dropped since. */
  private boolean hasTarget(FoundCommit found) {
    boolean relocated = (found.flags() & RecordHeader.RELOCATED) != 0;
    return relocated
        || !(found.record() instanceof CommitRecord.Pointed pointed)
        || pointed.change().target().map(this::wasHere).orElse(true);
  }

  private boolean wasHere(Digest digest) {
    return everAdded.contains(digest) || dropped.containsKey(digest);
  }

  private boolean blocksPresent(List<FoundCommit> commit) throws IOException {
    for (FoundCommit found : commit) {
      if (found.record() instanceof CommitRecord.Added added
          && !endedSince(added)
          && !blocksPresent(added)) {
        return false;
      }
    }
    return true;
  }

  private boolean endedSince(CommitRecord.Added added) {
    return dropped.getOrDefault(added.artifact().digest(), 0L) > added.sequence();
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
