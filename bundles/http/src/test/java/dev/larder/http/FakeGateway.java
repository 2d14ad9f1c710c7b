package dev.larder.http;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ArtifactStore;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.CollectionReport;
import dev.larder.api.Content;
import dev.larder.api.Digest;
import dev.larder.api.Doctor;
import dev.larder.api.DoctorFinding;
import dev.larder.api.ErrorCode;
import dev.larder.api.Evictions;
import dev.larder.api.ForgottenTier;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthService;
import dev.larder.api.HistoryEntry;
import dev.larder.api.ImportReport;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyManager;
import dev.larder.api.PolicyTrial;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.RebalanceReport;
import dev.larder.api.Reference;
import dev.larder.api.RepairReport;
import dev.larder.api.Replica;
import dev.larder.api.ScrubReport;
import dev.larder.api.Statistics;
import dev.larder.api.StatisticsService;
import dev.larder.api.StoredContent;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.SwapTimeoutException;
import dev.larder.api.Temperature;
import dev.larder.api.TierFigures;
import dev.larder.api.TierInfo;
import dev.larder.api.TierManager;
import dev.larder.api.TierReads;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import dev.larder.api.TierWear;
import dev.larder.http.core.Services;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway in memory that keeps no contents but their digests, sizes and a pattern. */
final class FakeGateway
    implements Services,
        ArtifactStore,
        ModelSwapper,
        TierManager,
        PolicyManager,
        Maintenance,
        StatisticsService,
        Doctor,
        HealthService {

  /** Content of the artifact {@code big}: each byte follows from its place. */
  record Stored(Digest digest, long size, PutRequest request) {}

  final Map<Reference, Stored> artifacts = new ConcurrentHashMap<>();
  final AtomicInteger openContents = new AtomicInteger();
  volatile boolean up = true;
  volatile boolean ready = true;
  volatile List<HealthFinding> findings = List.of();
  volatile RuntimeException defect;
  volatile long failReadAt = -1;

  /** Bytes after which a put is refused. */
  volatile long room = Long.MAX_VALUE;

  volatile SwapRequest lastSwap;

  static Digest sha256(byte[] bytes) {
    return Digest.of(newSha256().digest(bytes));
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public ArtifactStore store() throws LarderException {
    if (!up) {
      throw new LarderException(ErrorCode.UNAVAILABLE, "down", "try again");
    }
    return this;
  }

  @Override
  public ModelSwapper swapper() {
    return this;
  }

  @Override
  public TierManager tierManager() {
    return this;
  }

  @Override
  public PolicyManager policyManager() {
    return this;
  }

  @Override
  public Maintenance maintenance() {
    return this;
  }

  @Override
  public StatisticsService statistics() {
    return this;
  }

  @Override
  public Doctor doctor() {
    return this;
  }

  @Override
  public List<DoctorFinding> examine() {
    return List.of(
        new DoctorFinding(
            HealthFinding.Severity.WARNING, "tier/card", "is slow", "it waits", "mend it", "x y"));
  }

  @Override
  public Optional<HealthService> health() {
    return up ? Optional.of(this) : Optional.empty();
  }

  // --- store

  @Override
  public PutResult put(PutRequest request, Content content) throws LarderException {
    Stored stored = read(request, content);
    boolean created =
        artifacts.values().stream().noneMatch(s -> s.digest().equals(stored.digest()));
    artifacts.put(request.reference(), stored);
    return result(stored, created);
  }

  private static PutResult result(Stored stored, boolean created) {
    return new PutResult(
        stored.request().reference(),
        stored.digest(),
        stored.size(),
        10,
        1,
        2,
        "local",
        created,
        1_234_567);
  }

  private Stored read(PutRequest request, Content content) throws LarderException {
    if (defect != null) {
      throw defect;
    }
    MessageDigest digest = newSha256();
    ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);
    long size = 0;
    try (ReadableByteChannel channel = content.open()) {
      while (channel.read(buffer.clear()) >= 0) {
        size += buffer.flip().remaining();
        digest.update(buffer);
        if (size > room) {
          throw new LarderException(ErrorCode.TIER_FULL, "the tier is full", "make room");
        }
      }
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(ErrorCode.IO_ERROR, "read", "", e);
    }
    return new Stored(Digest.of(digest.digest()), size, request);
  }

  @Override
  public List<PutResult> putAll(PutBatch batch) throws LarderException {
    Map<Reference, Stored> staged = new LinkedHashMap<>();
    try {
      for (Optional<PutBatch.Entry> next = batch.next(); next.isPresent(); next = batch.next()) {
        PutRequest request = next.get().request();
        if (request.reference().name().equals("skipped")) {
          continue; // given up without reading it
        }
        staged.put(request.reference(), read(request, next.get().content()));
      }
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(ErrorCode.IO_ERROR, "read", "", e);
    }
    artifacts.putAll(staged);
    return staged.values().stream().map(s -> result(s, true)).toList();
  }

  private Stored find(Reference reference) throws LarderException {
    Stored stored = artifacts.get(reference);
    if (stored == null) {
      throw LarderException.notFound("no reference " + reference, "see 'larder ls'");
    }
    return stored;
  }

  /** Makes an artifact of that size whose bytes follow from their places. */
  void pattern(String reference, long size) {
    Reference parsed = Reference.parse(reference);
    artifacts.put(
        parsed,
        new Stored(
            sha256(reference.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            size,
            PutRequest.of(parsed, dev.larder.api.ArtifactKind.MODEL)));
  }

  @Override
  public StoredContent open(Reference reference) throws LarderException {
    Stored stored = find(reference);
    openContents.incrementAndGet();
    return new StoredContent() {
      @Override
      public Digest digest() {
        return stored.digest();
      }

      @Override
      public long size() {
        return stored.size();
      }

      @Override
      public ReadableByteChannel read(long offset, long length) {
        return Channels.newChannel(new PatternStream(offset, length, failReadAt));
      }

      @Override
      public void close() {
        openContents.decrementAndGet();
      }
    };
  }

  @Override
  public StoredContent open(Digest digest) throws LarderException {
    for (Map.Entry<Reference, Stored> entry : artifacts.entrySet()) {
      if (entry.getValue().digest().equals(digest)) {
        return open(entry.getKey());
      }
    }
    throw LarderException.notFound("no content " + digest, "");
  }

  private ArtifactSummary summary(Reference reference, Stored stored) {
    return new ArtifactSummary(
        reference,
        stored.digest(),
        stored.size(),
        stored.request().kind(),
        List.of("local"),
        Instant.ofEpochSecond(1_700_000_000));
  }

  @Override
  public List<ArtifactSummary> list() {
    List<ArtifactSummary> rows = new ArrayList<>();
    new TreeMap<>(artifacts).forEach((reference, stored) -> rows.add(summary(reference, stored)));
    return rows;
  }

  @Override
  public ArtifactDetails show(Reference reference) throws LarderException {
    Stored stored = find(reference);
    return new ArtifactDetails(
        reference,
        stored.digest(),
        stored.size(),
        stored.request().kind(),
        Temperature.ARCHIVE,
        List.of(new Replica("local", TierRole.STORAGE, 77)),
        List.of(new HistoryEntry(stored.digest(), Instant.ofEpochSecond(5), true)),
        55,
        3,
        "dev.larder.chunker.fixed/1");
  }

  @Override
  public void delete(Reference reference) throws LarderException {
    find(reference);
    artifacts.remove(reference);
  }

  @Override
  public ArtifactSummary tag(Reference reference, Reference alias) throws LarderException {
    artifacts.put(alias, find(reference));
    return summary(alias, find(reference));
  }

  @Override
  public ArtifactSummary rollback(Reference reference) throws LarderException {
    return summary(reference, find(reference));
  }

  // --- RAM cache

  @Override
  public SwapResult swap(SwapRequest request) throws LarderException {
    lastSwap = request;
    Stored stored = find(request.reference());
    if (request.timeout().isZero()) {
      throw new SwapTimeoutException(request.reference().toString(), request.timeout(), 7, 70);
    }
    return new SwapResult(
        Path.of("/dev/shm/x/active/m:latest"),
        stored.digest(),
        stored.size(),
        345_678,
        SwapLevel.STORAGE,
        5,
        6,
        "L1");
  }

  @Override
  public void release(String lease) throws LarderException {
    if (!lease.equals("L1")) {
      throw LarderException.notFound("no lease " + lease, "see 'larder leases'");
    }
  }

  @Override
  public int release(Reference reference) {
    return 2;
  }

  @Override
  public Lease renew(String lease, Duration remaining) {
    return new Lease(
        lease,
        Reference.parse("m"),
        sha256(new byte[0]),
        Optional.of(remaining),
        OptionalLong.empty());
  }

  @Override
  public List<Lease> leases() {
    return List.of(
        new Lease(
            "L1",
            Reference.parse("m"),
            sha256(new byte[0]),
            Optional.empty(),
            OptionalLong.of(42)));
  }

  @Override
  public Evictions evict(Reference reference) {
    return new Evictions(List.of(), List.of(reference));
  }

  @Override
  public Evictions evictAll() {
    return new Evictions(List.of(sha256(new byte[0])), List.of());
  }

  // --- tiers, policies, maintenance, figures, health

  @Override
  public List<TierInfo> tiers() {
    return List.of(info("local", "/data", TierRole.STORAGE));
  }

  private static TierInfo info(String name, String location, TierRole role) {
    return new TierInfo(
        name,
        location,
        "nvme",
        "NVMe SSD",
        role,
        TierState.READY,
        "",
        Optional.empty(),
        100,
        50,
        3,
        12.3456,
        3_500,
        999,
        new TierFigures(true, 2_000, 50_000, 250.5, 4, 262_144),
        new TierReads(7, 7_000, 11.5, 1_234),
        new TierWear(OptionalLong.of(1000), OptionalLong.of(10), OptionalLong.of(-3), true),
        OptionalDouble.of(0.3),
        "");
  }

  @Override
  public TierInfo add(TierSpec spec) {
    return info(spec.name(), spec.location(), spec.role());
  }

  @Override
  public void remove(String tier) throws LarderException {
    if (!tier.equals("local")) {
      throw LarderException.notFound("no tier " + tier, "");
    }
  }

  @Override
  public ForgottenTier forget(String tier) throws LarderException {
    remove(tier);
    return new ForgottenTier(tier, Optional.of(new UUID(1, 2)), List.of(Reference.parse("m:v1")));
  }

  @Override
  public ImportReport importVolume(String tier) throws LarderException {
    remove(tier);
    return new ImportReport(
        tier,
        new UUID(1, 2),
        new UUID(3, 4),
        7,
        1000,
        9,
        List.of(Reference.parse("a")),
        List.of(
            new ImportReport.Renamed(
                Reference.parse("b"), Reference.parse("b:latest.from-00000003"))),
        1,
        List.of(),
        1_234_567);
  }

  @Override
  public ArtifactDetails migrate(Reference reference, String tier) throws LarderException {
    return show(reference);
  }

  @Override
  public List<PolicyInfo> policies() {
    return List.of(
        new PolicyInfo(PolicyInfo.Service.CACHE, "lru", "built-in", true),
        new PolicyInfo(PolicyInfo.Service.CACHE, "lfu", "larder.policy.cache.lfu 0.1.0", false),
        new PolicyInfo(PolicyInfo.Service.PLACEMENT, "class", "x", true));
  }

  @Override
  public PolicyInfo use(String name) {
    return new PolicyInfo(PolicyInfo.Service.CACHE, name, "x", true);
  }

  @Override
  public List<PolicyTrial> dryRun(String name) {
    return List.of(
        new PolicyTrial(name, false, 1000, 0.75, 0.5), new PolicyTrial("lru", true, 1000, 0.5, 0));
  }

  @Override
  public CollectionReport collect() {
    return new CollectionReport(1, 2, 3, 4, 5);
  }

  @Override
  public ScrubReport scrub(Optional<String> tier) {
    return new ScrubReport(10, 20, 1, 0, List.of("bad " + tier.orElse("all")));
  }

  @Override
  public RepairReport repair(boolean purge) {
    return new RepairReport(3, 2, purge ? 0 : 1, purge ? 4096 : 0, List.of("one stays"));
  }

  @Override
  public RebalanceReport rebalance() {
    return new RebalanceReport(1, 100, 2, 50, List.of("local"));
  }

  @Override
  public long rebuildCatalog() {
    return 12;
  }

  @Override
  public boolean awaitIdle(Duration timeout) {
    return timeout.toMillis() == 600_000;
  }

  @Override
  public Statistics current() {
    return new Statistics(
        "m1",
        2,
        300,
        100,
        200,
        0,
        5,
        4,
        50,
        9,
        64,
        150,
        new Statistics.Cache("lru", 7, 3, 1, 75, 25, Map.of(), 10, 20, 1, "/dev/shm/larder"),
        Map.of(
            SwapLevel.RAM,
            new Statistics.Latency(
                3,
                1_500,
                2_500_000,
                3_000_000,
                5_501_500,
                List.of(1L, 1L, 1L, 1L, 2L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L, 3L))),
        new Statistics.Prefetch(0, 0));
  }

  @Override
  public Statistics since(String mark) throws LarderException {
    throw LarderException.notFound("no mark " + mark, "");
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public List<HealthFinding> findings() {
    return findings;
  }
}
