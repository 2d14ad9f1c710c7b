package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Evictions;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.Reference;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import dev.larder.tiering.ledger.AccessFeed;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ledger.Ranking;
import dev.larder.tiering.plugin.PolicySelector;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts as files on tmpfs, within a limit. What is leased stays; of the rest the cache policy
 * says what goes when room is needed.
 *
 * <p>Any thread. A hit costs one short lock and, if the link leads elsewhere, three system calls.
 * No lock that a hit needs is held during a long operation or a call into a plug-in.
 */
public final class RamCache implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(RamCache.class);

  private final RamFolder folder;
  private final ActiveLinks links;
  private final Residency residency;
  private final Evictor evictor;
  private final Adoption adoption;
  private final RoomMaker room;
  private final Ranking ranking;
  private final AccessFeed accesses;
  private final LeaseDesk desk;
  private final LongSupplier nanoTime;
  private final long wantedLimit;
  private final ReentrantLock folderLock = new ReentrantLock();
  private volatile @Nullable String withoutLink;

  /**
   * Opens the cache in its folder, with the files and links that the gateway before this one has
   * left there, as far as they fit within the limit. Nobody is given one before {@link #check}.
   *
   * @param policies who ranks; its fallback is a {@link BuiltInLru}
   * @param history the ledger's file, read now and written by {@link #noteHistory}
   * @param policyThreads where the policy is told of accesses; one that hangs keeps a thread
   * @param nanoTime monotonic time in nanoseconds
   * @throws LarderException {@code LOCKED} if another gateway has the folder, {@code
   *     INVALID_ARGUMENT} if the folder is a link, someone else's or holds other things
   */
  public static RamCache open(
      RamSettings settings,
      PolicySelector<CachePolicy> policies,
      EvictionListener listener,
      Path history,
      Executor policyThreads,
      LongSupplier nanoTime)
      throws LarderException {
    return open(
        settings,
        policies,
        listener,
        Optional.of(history),
        policyThreads,
        nanoTime,
        Processes.ofThisMachine());
  }

  static RamCache open(
      RamSettings settings,
      PolicySelector<CachePolicy> policies,
      EvictionListener listener,
      Optional<Path> history,
      Executor policyThreads,
      LongSupplier nanoTime,
      Processes processes)
      throws LarderException {
    try {
      RamFolder folder = RamFolder.open(settings.folder(), settings.group());
      return new RamCache(
          settings, folder, policies, listener, history, policyThreads, nanoTime, processes);
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "the RAM cache's folder " + settings.folder() + " cannot be used: " + e,
          "choose another with $LARDER_RAM",
          e);
    }
  }

  private RamCache(
      RamSettings settings,
      RamFolder folder,
      PolicySelector<CachePolicy> policies,
      EvictionListener listener,
      Optional<Path> history,
      Executor policyThreads,
      LongSupplier nanoTime,
      Processes processes)
      throws IOException {
    this.folder = folder;
    this.nanoTime = nanoTime;
    this.wantedLimit = settings.limitBytes();
    long total = folder.totalBytes();
    long limit = Math.min(wantedLimit, total / 4 * 3);
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    this.links = new ActiveLinks(folder);
    this.residency = new Residency(limit, random, history);
    this.evictor = new Evictor(folder, links, residency, listener, folderLock);
    this.adoption = new Adoption(folder, residency, evictor);
    this.desk = new LeaseDesk(residency, processes, nanoTime);
    this.ranking = new Ranking(policies, residency, nanoTime);
    this.accesses = new AccessFeed(ranking, residency::access, policyThreads);
    this.room =
        new RoomMaker(
            folder,
            settings.memory(),
            residency,
            evictor,
            ranking,
            accesses,
            settings.roomWait(),
            nanoTime,
            desk::endOfEndedProcesses);
    residency.adopt(Leftovers.takeOver(folder, links, limit));
  }

  /** What was taken over from the gateway before this one and is not checked yet. */
  public List<Digest> unchecked() {
    return residency.unchecked();
  }

  /**
   * Compares an artifact that was taken over with its digest, and removes it if it is another one.
   * Nothing if it is not here or was checked. Takes as long as SHA-256 needs.
   *
   * @param pace called after each piece
   * @param cancellation asked after each piece
   */
  public void check(Digest digest, Pace pace, Cancellation cancellation) {
    adoption.check(digest, pace, cancellation);
  }

  /** Where its files are. */
  public Path folder() {
    return folder.root();
  }

  /** What is here. */
  public Collection<Digest> digests() {
    return residency.digests();
  }

  /** References that have a link. */
  public Set<Reference> references() {
    return links.references();
  }

  /**
   * Leases an artifact if it is here and checked, and notes the access; the ledger knows of it a
   * little later, and before the next eviction.
   *
   * @param hit false for one that the caller has waited for
   * @return the lease's id
   * @throws LarderException {@code UNAVAILABLE} if there are far too many leases
   */
  public Optional<String> lease(Digest digest, LeaseTerms terms, boolean hit)
      throws LarderException {
    Optional<Residency.Granted> granted = residency.lease(digest, terms, nanoTime.getAsLong());
    granted.ifPresent(lease -> accesses.add(lease.key(), hit));
    return granted.map(Residency.Granted::lease);
  }

  /** The file of an artifact; it is there as long as the artifact is leased. */
  public Path path(Digest digest) {
    return folder.blob(digest);
  }

  /**
   * Lets {@code active/NAME:TAG} lead to an artifact that the caller has leased. Does nothing if it
   * does already. A reference that is too long for a file name has no link.
   *
   * @throws LarderException {@code RAM_FULL} if the file system has no room for another name
   */
  public void activate(Reference reference, Digest digest) throws IOException {
    if (links.leadsTo(reference, digest)) {
      return;
    }
    if (!ActiveLinks.possible(reference)) {
      withoutLink = reference.toString();
      return;
    }
    folderLock.lock();
    try {
      links.flip(reference, digest);
    } catch (IOException e) {
      throw RamFolder.typed(e, "there is no room for the link of " + reference);
    } finally {
      folderLock.unlock();
    }
  }

  /** What a reference's link leads to. */
  public Optional<Digest> active(Reference reference) {
    return links.digestOf(reference);
  }

  /** Removes a reference's link: the reference was deleted. */
  public void forget(Reference reference) throws IOException {
    folderLock.lock();
    try {
      links.remove(reference);
    } finally {
      folderLock.unlock();
    }
  }

  /**
   * Fails if there can never be room for so much.
   *
   * @param what it is, as its user calls it
   * @throws LarderException {@code TOO_LARGE_FOR_RAM}
   */
  public void requireFits(String what, long size) throws LarderException {
    room.requireFits(what, size);
  }

  /**
   * Makes room for an artifact and starts its file. Ends with {@link #publish} or {@link #abandon}.
   * Waits where other loads hold room that they will give back.
   *
   * @throws LarderException {@code TOO_LARGE_FOR_RAM}, {@code RAM_FULL} (naming the leases), {@code
   *     IO_ERROR}
   */
  public RamFile reserve(Digest digest, long size, Cancellation cancellation) throws IOException {
    room.reserve(digest, size, cancellation);
    RamFile file;
    try {
      file = folder.create(digest, size);
    } catch (IOException | RuntimeException e) {
      residency.notStarted(digest, size);
      throw e;
    }
    residency.started(file);
    return file;
  }

  /**
   * Makes a file visible that has been written. It stays at least until {@link #unhold}.
   *
   * @param loadNanos how long loading it took
   * @throws LarderException {@code IO_ERROR} if bytes are missing
   */
  public void publish(RamFile file, long loadNanos) throws IOException {
    publish(file, loadNanos, false);
  }

  /**
   * The same for one that was loaded ahead: as long as it is expected it goes last, and then it
   * goes first, until somebody asks for it.
   *
   * @param ahead whether nobody has asked for it
   * @throws LarderException {@code IO_ERROR} if bytes are missing
   */
  public void publish(RamFile file, long loadNanos, boolean ahead) throws IOException {
    if (file.written() != file.size()) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "only "
              + file.written()
              + " of "
              + file.size()
              + " bytes of "
              + file.digest()
              + " were loaded",
          "try again; 'larder scrub' checks the tiers");
    }
    folderLock.lock();
    try {
      folder.publish(file);
      residency.admit(file, loadNanos / 1000.0, ahead);
    } finally {
      folderLock.unlock();
    }
  }

  /** Nobody has asked in time for what was loaded ahead: it is the first to go from now on. */
  public void expectNoMore(Digest digest) {
    residency.expectNoMore(digest);
  }

  /**
   * What is likely to be lost if room for an artifact is made now.
   *
   * @param size bytes of the artifact
   * @param accesses so many accesses ahead
   * @return microseconds of loading anew; infinite if there can be no room, or if others are making
   *     some just now
   */
  public double lossMicros(long size, double accesses) throws IOException {
    return room.lossMicros(size, accesses);
  }

  /** Keeps an artifact that is here until {@link #unhold}; false if it is not here. */
  public boolean hold(Digest digest) {
    return residency.hold(digest);
  }

  /**
   * Lets an artifact that is held be evicted from now on, once its leases have ended.
   *
   * @param asked whether somebody asked for it who has no lease; counted as an access
   */
  public void unhold(Digest digest, boolean asked) {
    OptionalLong key = residency.unhold(digest, asked);
    if (asked && key.isPresent()) {
      accesses.add(key.getAsLong(), false);
    }
    evictDoomed();
  }

  /** Throws away a file that was not published, and gives its room back. */
  public void abandon(RamFile file) {
    try {
      folder.abandon(file);
    } catch (IOException e) {
      LOG.error("cannot delete {} from the RAM cache", file.path(), e);
    }
    residency.abandon(file);
  }

  /** Ends a lease. */
  public void release(String lease) throws LarderException {
    desk.release(lease);
    evictDoomed();
  }

  /** Ends all leases on a reference; tells how many. */
  public int release(Reference reference) {
    int ended = desk.release(reference);
    evictDoomed();
    return ended;
  }

  /** Lets a lease end that long from now, unless it is pinned. */
  public Lease renew(String lease, Duration remaining) throws LarderException {
    return desk.renew(lease, remaining);
  }

  /** All leases, oldest first. */
  public List<Lease> leases() {
    desk.endOverdue();
    evictDoomed();
    return desk.leases();
  }

  /**
   * When a process started that a lease is to end with.
   *
   * @throws LarderException {@code NOT_FOUND} if there is no such process
   */
  public OptionalLong startOf(OptionalLong pid) throws LarderException {
    return desk.startOf(pid);
  }

  /**
   * Evicts these, but not what is leased. What loads are taking bytes from goes when they are done.
   */
  public Evictions evict(Collection<Digest> digests) {
    desk.endOverdue();
    List<Digest> evicted = new ArrayList<>();
    Set<Reference> leased = new LinkedHashSet<>();
    for (Digest digest : digests) {
      if (residency.isLeased(digest)) {
        leased.addAll(residency.withLeases(leases -> leases.references(digest)));
      } else if (evictSoon(digest, EvictionCause.REQUEST)) {
        evicted.add(digest);
      }
    }
    return new Evictions(evicted, List.copyOf(leased));
  }

  /** Evicts all that is not leased. */
  public Evictions evictAll() {
    return evict(residency.digests());
  }

  /** Evicts an artifact whose last reference was deleted, now or when its last lease ends. */
  public void discard(Digest digest) {
    evictSoon(digest, EvictionCause.DELETED);
  }

  /** True if it went at once. */
  private boolean evictSoon(Digest digest, EvictionCause cause) {
    return residency.doom(digest, cause) && evictor.evict(digest, cause);
  }

  private void evictDoomed() {
    residency.doomed().forEach(evictor::evict);
  }

  /**
   * Housekeeping, to be called about every second: ends leases whose time or process has ended, and
   * tells the policy of accesses.
   */
  public void tick() {
    desk.endOverdue();
    evictDoomed();
    accesses.request();
    ranking.watch();
  }

  /** Whether an artifact is here. */
  public boolean isResident(Digest digest) {
    return residency.sizeOf(digest).isPresent();
  }

  /** Size of an artifact that is here: known even while all its tiers are absent. */
  public OptionalLong sizeOf(Digest digest) {
    return residency.sizeOf(digest);
  }

  /** Whether an artifact is here and leased. */
  public boolean isLeased(Digest digest) {
    return residency.isLeased(digest);
  }

  /** What is leased or being loaded now: no collection may drop it from its tier. */
  public Set<Digest> inUse() {
    return residency.inUse();
  }

  /** The ledger's record of an artifact, resident or remembered, for its temperature. */
  public Optional<LedgerRecord> record(Digest digest) {
    LedgerRecord entry = new LedgerRecord();
    return residency.read(digest.a(), entry) ? Optional.of(entry) : Optional.empty();
  }

  /** The accesses of late, for trials of other policies. */
  public AccessLog.Recent recentAccesses() {
    return residency.recentAccesses();
  }

  /** Writes the ledger to its file if it has changed, so that the next start is a warm one. */
  public void noteHistory() {
    residency.history().note();
  }

  /** How full it is. */
  public RamUsage usage() {
    return residency.usage();
  }

  /** What is not as it should be. */
  public List<HealthFinding> health() {
    List<HealthFinding> findings = new ArrayList<>();
    if (residency.limit() < wantedLimit) {
      findings.add(
          finding(
              Severity.INFO,
              "its limit is %d bytes, ¾ of its file system, not %d"
                  .formatted(residency.limit(), wantedLimit),
              "make the tmpfs larger (size=…), or lower $LARDER_RAM_LIMIT"));
    }
    if (evictor.stuckBytes() > 0) {
      findings.add(
          finding(
              Severity.WARNING,
              evictor.stuckBytes() + " bytes of evicted files could not be removed",
              "see the log; a restart of the gateway removes them"));
    }
    String reference = withoutLink;
    if (reference != null) {
      findings.add(
          finding(
              Severity.INFO,
              "has no link for " + reference + ": it is too long for a file name",
              "use the path that the swap returns"));
    }
    return findings;
  }

  private HealthFinding finding(Severity severity, String finding, String advice) {
    return new HealthFinding(severity, "ram/" + folder.root(), finding, advice);
  }

  /**
   * Lets go of the folder. Files and links stay for the next gateway; all leases end. A load that
   * comes to its end later fails.
   */
  @Override
  public void close() throws IOException {
    accesses.drainLast();
    noteHistory();
    folderLock.lock();
    try {
      folder.close();
    } finally {
      folderLock.unlock();
    }
  }
}
