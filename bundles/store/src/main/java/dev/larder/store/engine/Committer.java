package dev.larder.store.engine;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Capacity;
import dev.larder.store.Change;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Stamp;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.ingest.Staged;
import dev.larder.store.pack.CommitDraft;
import dev.larder.store.pack.PackStream;
import dev.larder.store.work.Gate;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes durable. Each commit's records are appended at once; one of the waiting threads
 * then forces for all that have appended so far (group commit), applies their records in order and
 * wakes them; whoever came meanwhile is in the next round. {@link Gathering} says when a round
 * starts.
 */
public final class Committer {

  /** What may not roll over to the next pack must be bounded: so many manifests at once. */
  private static final int MOST_AT_ONCE = 1024;

  /** Changes of names are small. */
  private static final int MOST_NAMES_AT_ONCE = 16 << 10;

  private final VolumeState state;

  /** Held shared by each commit from its first check until it is visible. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final ArrayDeque<Pending> appended = new ArrayDeque<>();
  private final Gathering gathering = new Gathering();
  private boolean leading;

  Committer(VolumeState state) {
    this.state = state;
  }

  private static final class Pending {
    private final List<CommitRecord> records;
    private boolean done;
    private @Nullable Throwable failure;

    Pending(List<CommitRecord> records) {
      this.records = records;
    }
  }

  /** Makes changes durable and visible; returns the last sequence number. */
  public long commit(List<Change> changes) throws IOException {
    gate.readLock().lock();
    try {
      Pending pending = append(changes);
      await(pending);
      changes.forEach(this::committed);
      return pending.records.isEmpty()
          ? state.journal().lastSequence()
          : pending.records.get(pending.records.size() - 1).sequence();
    } catch (IOException e) {
      throw state.errors().wrap(e);
    } finally {
      gate.readLock().unlock();
    }
  }

  private void committed(Change change) {
    if (change instanceof Change.Add add && add.artifact() instanceof Staged staged) {
      staged.committed();
      if (staged.restores()) {
        state.damage().settled(staged.digest());
      }
    } else if (change instanceof Change.Drop drop) {
      state.damage().settled(drop.digest());
    }
  }

  /** Runs something while no commit is under way. */
  public <T> T exclusively(Gate.Operation<T> work) throws IOException {
    gate.writeLock().lock();
    try {
      return work.run();
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** Commits drops of replicas; for collections, which hold the gate. */
  public void drop(List<Digest> digests) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (Digest digest : digests) {
      changes.add(new Change.Drop(digest, state.context().stamps().next()));
    }
    await(append(changes));
  }

  private Pending append(List<Change> changes) throws IOException {
    boolean together = !changes.stream().allMatch(Change.Note.class::isInstance);
    PackStream stream = state.stream();
    stream.lock().lock();
    try {
      stream.check();
      List<CommitDraft> drafts = drafts(changes);
      requireRoom(drafts);
      List<CommitRecord> records = new ArrayList<>();
      for (List<CommitDraft> part : parts(drafts)) {
        records.addAll(stream.append(part, together));
      }
      Pending pending = new Pending(records);
      pending.done = records.isEmpty();
      if (!pending.done) {
        appended.add(pending);
        gathering.arrived();
      }
      return pending;
    } finally {
      stream.lock().unlock();
    }
  }

  /** A long commit shows nothing before its last part, which has its changes of names. */
  private static List<List<CommitDraft>> parts(List<CommitDraft> drafts) {
    if (drafts.size() <= MOST_AT_ONCE) {
      return drafts.isEmpty() ? List.of() : List.of(drafts);
    }
    List<CommitDraft> manifests = new ArrayList<>(drafts);
    manifests.removeIf(draft -> draft.type() != RecordHeader.MANIFEST);
    List<CommitDraft> names = new ArrayList<>(drafts);
    names.removeIf(draft -> draft.type() == RecordHeader.MANIFEST);
    List<List<CommitDraft>> parts = new ArrayList<>();
    split(manifests, MOST_AT_ONCE, parts);
    split(names, MOST_NAMES_AT_ONCE, parts);
    return parts;
  }

  private static void split(List<CommitDraft> drafts, int most, List<List<CommitDraft>> parts) {
    for (int from = 0; from < drafts.size(); from += most) {
      parts.add(drafts.subList(from, Math.min(drafts.size(), from + most)));
    }
  }

  private void requireRoom(List<CommitDraft> drafts) throws IOException {
    long manifests =
        drafts.stream()
            .filter(draft -> draft.type() == RecordHeader.MANIFEST)
            .mapToLong(draft -> draft.payload().bytes())
            .sum();
    if (manifests > 0) {
      Capacity capacity = state.medium().capacity();
      if (capacity.freeBytes() - manifests < state.reserve(capacity) / 2) {
        throw state.errors().full("the artifact's manifest");
      }
    }
  }

  private List<CommitDraft> drafts(List<Change> changes) throws IOException {
    List<CommitDraft> drafts = new ArrayList<>();
    Set<Digest> added = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof Change.Add add) {
        add(add.artifact(), added, drafts);
      } else if (change instanceof Change.Point point) {
        requireTarget(point.change(), added);
        drafts.add(reference(point.change(), 0));
      } else if (change instanceof Change.Note note) {
        drafts.add(reference(note.change(), RecordHeader.RELOCATED)); // its target may be elsewhere
      } else if (change instanceof Change.Drop drop
          && state.journal().artifact(drop.digest()).isPresent()) {
        drafts.add(drop(drop));
      }
    }
    return drafts;
  }

  private void add(StagedArtifact artifact, Set<Digest> added, List<CommitDraft> drafts)
      throws LarderException {
    if (!(artifact instanceof Staged staged) || !staged.belongsTo(state.stream())) {
      throw LarderException.invalid("the artifact was not staged on " + state.errors().name());
    }
    staged.requireOpen();
    boolean present = !staged.restores() && state.journal().artifact(staged.digest()).isPresent();
    if (added.add(staged.digest()) && !present) {
      Stamp stamp = state.context().stamps().next();
      CommitFields fields = new CommitFields(state.nextSequence(), stamp);
      drafts.add(
          new CommitDraft(
              RecordHeader.MANIFEST,
              0,
              fields,
              staged.payload(),
              place -> new CommitRecord.Added(staged.entry(fields.sequence()), stamp, place)));
    }
  }

  private void requireTarget(ReferenceChange change, Set<Digest> added) throws LarderException {
    if (change.target().isPresent()) {
      Digest target = change.target().get();
      if (!added.contains(target) && state.journal().artifact(target).isEmpty()) {
        throw state.errors().notFound(target);
      }
    }
  }

  private CommitDraft reference(ReferenceChange change, int flags) throws LarderException {
    CommitFields fields = new CommitFields(state.nextSequence(), change.stamp());
    return new CommitDraft(
        RecordHeader.REFERENCE,
        flags,
        fields,
        CommitDraft.payload(SmallPayloads.reference(change)),
        place -> new CommitRecord.Pointed(fields.sequence(), change, place));
  }

  private CommitDraft drop(Change.Drop drop) throws LarderException {
    CommitFields fields = new CommitFields(state.nextSequence(), drop.stamp());
    return new CommitDraft(
        RecordHeader.DROP,
        0,
        fields,
        CommitDraft.payload(SmallPayloads.drop(drop.digest())),
        place -> new CommitRecord.Dropped(fields.sequence(), drop.digest(), drop.stamp(), place));
  }

  private void await(Pending pending) throws IOException {
    boolean interrupted = false;
    while (true) {
      synchronized (this) {
        while (!pending.done && leading) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true; // what was appended may become durable: the outcome must be known
          }
        }
        if (pending.done) {
          break;
        }
        leading = true;
      }
      lead();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (pending.failure != null) {
      throw state.errors().rethrow(pending.failure);
    }
  }

  private void lead() {
    List<Pending> covered = List.of();
    Throwable failure = null;
    gathering.await();
    long started = System.nanoTime();
    try {
      PackStream stream = state.stream();
      PackStream.Ticket ticket;
      stream.lock().lock();
      try {
        covered = new ArrayList<>(appended);
        appended.clear();
        ticket = stream.prepareForce();
      } finally {
        stream.lock().unlock();
      }
      stream.force(ticket);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    gathering.forced(covered.size(), System.nanoTime() - started);
    finish(covered, failure);
  }

  private synchronized void finish(List<Pending> covered, @Nullable Throwable failure) {
    for (Pending pending : covered) {
      if (failure == null) {
        pending.records.forEach(state.journal()::apply);
      }
      pending.failure = failure;
      pending.done = true;
    }
    leading = false;
    notifyAll();
  }
}
