package dev.larder.itest.faults;

import dev.larder.api.ArtifactKind;
import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.CodecChoice;
import dev.larder.store.Codecs;
import dev.larder.store.IngestSpec;
import dev.larder.store.Manifest;
import dev.larder.store.ReferenceChange;
import dev.larder.store.StagedArtifact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** The steps that there are. A new one needs a line here and a method. */
enum Steps {
  PUT(24, Steps::put),
  PUT_MANY(6, Steps::putMany),
  PUT_UNNAMED(4, Steps::putUnnamed),
  PUT_FAMILY(8, Steps::putFamily),
  STAGE(5, Steps::stage),
  COMMIT_STAGED(6, Steps::commitStaged),
  ABANDON(4, Steps::abandon),
  TAG(8, Steps::tag),
  UNTAG(6, Steps::untag),
  DROP(4, Steps::drop),
  MIGRATE(7, Steps::migrate),
  COLLECT(9, Steps::collect),
  REPACK(1, Steps::repack),
  REENCODE(4, (world, site) -> site.reencode()),
  REPAIR(3, Steps::repair),
  SCRUB(2, (world, site) -> site.scrub()),
  READ(8, Steps::read),
  LOOK(4, (world, site) -> site.look()),
  REOPEN(3, World::reopen);

  private static final FormatId FIXED = new FormatId("dev.larder.test.fixed", 1);
  private static final int NAMES = 6;

  /** More extents than this are scattered, if what lies between them is long enough. */
  private static final int FEW_EXTENTS = 8;

  private static final int LONG_GAP = 64 << 10;
  private static final long PATIENCE_NANOS = 500_000_000L;

  private final int weight;
  private final Step step;

  Steps(int weight, Step step) {
    this.weight = weight;
    this.step = step;
  }

  static Steps next(World world) {
    int total = 0;
    for (Steps each : values()) {
      total += each.weight;
    }
    int at = world.random().nextInt(total);
    for (Steps each : values()) {
      at -= each.weight;
      if (at < 0) {
        return each;
      }
    }
    throw new IllegalStateException();
  }

  void run(World world, Site site) throws IOException {
    step.run(world, site);
  }

  private static void put(World world, Site site) throws IOException {
    Digest digest = world.contents().next();
    try (StagedArtifact staged = stage(world, site, digest)) {
      add(site, List.of(staged), List.of(point(world, site, Optional.of(digest))));
    }
  }

  /** Each is of protocol data; see {@link Contents#family}. */
  private static void putFamily(World world, Site site) throws IOException {
    for (int i = world.random().nextInt(4); i >= 0; i--) {
      Digest digest = world.contents().family();
      byte[] content = world.contents().of(digest);
      ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(content));
      ArtifactKind kind = ArtifactKind.PROTOCOL_DATA;
      try (StagedArtifact staged = ingest(world, site, digest, kind, content.length, channel)) {
        add(site, List.of(staged), List.of(point(world, site, Optional.of(digest))));
      }
    }
  }

  private static void putUnnamed(World world, Site site) throws IOException {
    try (StagedArtifact staged = stage(world, site, world.contents().next())) {
      add(site, List.of(staged), List.of());
    }
  }

  private static void putMany(World world, Site site) throws IOException {
    List<StagedArtifact> staged = new ArrayList<>();
    List<ReferenceChange> points = new ArrayList<>();
    try {
      for (int i = world.random().nextInt(4); i >= 0; i--) {
        Digest digest = world.contents().next();
        staged.add(stage(world, site, digest));
        points.add(point(world, site, Optional.of(digest)));
      }
      add(site, staged, points);
    } finally {
      staged.forEach(StagedArtifact::close);
    }
  }

  private static void stage(World world, Site site) throws IOException {
    site.staged().add(stage(world, site, world.contents().next()));
  }

  private static void commitStaged(World world, Site site) throws IOException {
    if (!site.staged().isEmpty()) {
      try (StagedArtifact staged = site.staged().remove(0)) {
        add(site, List.of(staged), List.of(point(world, site, Optional.of(staged.digest()))));
      }
    }
  }

  private static void abandon(World world, Site site) throws IOException {
    if (!site.staged().isEmpty() && world.random().nextBoolean()) {
      site.staged().remove(site.staged().size() - 1).close();
    } else {
      stage(world, site, world.contents().next()).close();
    }
  }

  private static StagedArtifact stage(World world, Site site, Digest digest) throws IOException {
    byte[] content = world.contents().of(digest);
    return ingest(
        world,
        site,
        digest,
        content.length,
        Channels.newChannel(new ByteArrayInputStream(content)));
  }

  private static StagedArtifact ingest(
      World world, Site site, Digest digest, long size, ReadableByteChannel content)
      throws IOException {
    return ingest(world, site, digest, ArtifactKind.MODEL, size, content);
  }

  private static StagedArtifact ingest(
      World world,
      Site site,
      Digest digest,
      ArtifactKind kind,
      long size,
      ReadableByteChannel content)
      throws IOException {
    FormatId codec = world.random().nextBoolean() ? Nibbles.ID : Codecs.NONE;
    OptionalLong declared =
        world.random().nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(size);
    StagedArtifact staged =
        site.volume()
            .ingest(
                new IngestSpec(
                    kind,
                    declared,
                    FIXED,
                    new FixedCutter(world.blockBytes()),
                    new Choice(codec),
                    Cancellation.NEVER,
                    kind == ArtifactKind.MODEL
                        ? predecessor(site, digest)
                        : versionOf(world, site)),
                content);
    Oracle.require(staged.digest().equals(digest), () -> "ingested as another digest: " + digest);
    return staged;
  }

  /** Deltas and dictionaries are always tried. */
  private record Choice(FormatId codec) implements CodecChoice {
    @Override
    public FormatId codecFor(BlockAnnotation annotation) {
      return codec;
    }

    @Override
    public Optional<FormatId> dictionaryCodec() {
      return Optional.of(Nibbles.ID);
    }

    @Override
    public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
      return Optional.of(Nibbles.ID);
    }
  }

  /** Any artifact of the volume; which one, the content decides. */
  private static Optional<Digest> predecessor(Site site, Digest content) throws IOException {
    List<Digest> artifacts =
        site.volume().artifacts().stream()
            .map(ArtifactEntry::digest)
            .sorted(Comparator.comparing(Digest::toString))
            .toList();
    return artifacts.isEmpty()
        ? Optional.empty()
        : Optional.of(artifacts.get((int) Math.floorMod(content.b(), (long) artifacts.size())));
  }

  /** Every second one is the version of another artifact. */
  private static Optional<Digest> versionOf(World world, Site site) throws IOException {
    return world.random().nextBoolean() ? Optional.empty() : world.anyOf(site);
  }

  record FixedCutter(int bytes) implements BlockCutter {
    @Override
    public int maxBlockBytes() {
      return bytes;
    }

    @Override
    public String parameters() {
      return "size=" + bytes;
    }

    @Override
    public Cut next(ByteBuffer window, boolean last) {
      return Cut.of(Math.min(bytes, window.remaining()));
    }
  }

  private static void add(Site site, List<StagedArtifact> staged, List<ReferenceChange> points)
      throws IOException {
    List<Change> changes = new ArrayList<>();
    Set<Digest> adds = new HashSet<>();
    for (StagedArtifact each : staged) {
      changes.add(new Change.Add(each));
      adds.add(each.digest());
    }
    points.forEach(point -> changes.add(new Change.Point(point)));
    site.commit(Intent.put(adds, points), changes);
  }

  private static ReferenceChange point(World world, Site site, Optional<Digest> target) {
    Reference reference = Reference.parse("n" + world.random().nextInt(NAMES));
    long supersedes =
        site.oracle().changes().stream()
            .filter(change -> change.reference().equals(reference))
            .mapToLong(change -> change.stamp().lamport())
            .max()
            .orElse(0);
    return new ReferenceChange(reference, target, world.stamps().next(), supersedes);
  }

  private static void point(Site site, ReferenceChange change) throws IOException {
    site.commit(Intent.point(change), List.of(new Change.Point(change)));
  }

  private static void tag(World world, Site site) throws IOException {
    Optional<Digest> target = world.anyOf(site);
    if (target.isPresent()) {
      point(site, point(world, site, target));
    }
  }

  private static void untag(World world, Site site) throws IOException {
    point(site, point(world, site, Optional.empty()));
  }

  private static void drop(World world, Site site) throws IOException {
    Optional<Digest> digest = world.anyOf(site);
    if (digest.isPresent()) {
      site.commit(
          Intent.drop(Set.of(digest.get())),
          List.of(new Change.Drop(digest.get(), world.stamps().next())));
    }
  }

  /** Whether the other medium has a part in it. */
  boolean needsBoth() {
    return this == MIGRATE || this == REPAIR;
  }

  /**
   * As the tier manager does it: the copy with its references first, then the drop, unless it is
   * only promoted.
   */
  private static void migrate(World world, Site from) throws IOException {
    Site to = world.other(from);
    Optional<Digest> any = world.anyOf(from);
    if (any.isEmpty() || !to.isOpen()) {
      return;
    }
    Digest digest = any.get();
    List<ReferenceChange> carried =
        from.oracle().changes().stream()
            .filter(change -> change.target().equals(any))
            .filter(world.keptHistory()::contains)
            .toList();
    if (to.volume().artifact(digest).isPresent()) {
      add(to, List.of(), carried);
    } else {
      Manifest manifest = from.volume().manifest(digest);
      try (ReadableByteChannel content = from.volume().open(manifest, 0, manifest.size());
          StagedArtifact staged = ingest(world, to, digest, manifest.size(), content)) {
        add(to, List.of(staged), carried);
      }
    }
    if (world.random().nextInt(3) > 0) {
      from.commit(
          Intent.drop(Set.of(digest)), List.of(new Change.Drop(digest, world.stamps().next())));
    }
  }

  /** As the tier manager does it: what is known to be damaged, from the other replica. */
  private static void repair(World world, Site site) throws IOException {
    Site from = world.other(site);
    if (!from.isOpen()) {
      return;
    }
    for (ArtifactEntry damaged : site.volume().damaged(Cancellation.NEVER)) {
      Digest digest = damaged.digest();
      if (from.volume().artifact(digest).isPresent() && from.isWhole(digest)) {
        boolean whole = site.volume().check(digest, Cancellation.NEVER);
        for (int i = 0; i < 2 && !whole; i++) {
          try (StagedArtifact staged = stage(world, site, digest)) {
            add(site, List.of(staged), List.of());
          }
          whole = site.volume().check(digest, Cancellation.NEVER);
        }
        world.trace(() -> "  repaired " + digest);
        site.checkRepaired(digest, world.contents().of(digest));
      }
    }
  }

  /** Something whose blocks all lie far from each other, and a collection that lets them meet. */
  private static void repack(World world, Site site) throws IOException {
    int block = world.blockBytes();
    int every = LONG_GAP / block + 2;
    Digest whole = world.contents().fresh(block * every * (FEW_EXTENTS + 1));
    Digest scattered = world.contents().everyBlock(whole, block, every);
    for (Digest each : List.of(whole, scattered)) {
      try (StagedArtifact staged = stage(world, site, each)) {
        add(site, List.of(staged), List.of(point(world, site, Optional.of(each))));
      }
    }
    CollectionReport report = collect(world, site);
    boolean undisturbed = !site.troubled() && !world.isNarrow();
    Oracle.require(
        !undisturbed || report.rewrittenBytes() >= (long) block * (FEW_EXTENTS + 1),
        () -> "nothing lies together again: " + report);
  }

  private static CollectionReport collect(World world, Site site) throws IOException {
    Set<ReferenceChange> kept = world.keptHistory();
    Set<Digest> roots = new HashSet<>();
    kept.forEach(change -> change.target().ifPresent(roots::add));
    Set<Digest> condemned = new HashSet<>();
    for (Digest digest : site.oracle().artifacts()) {
      if (!roots.contains(digest) && world.random().nextInt(4) > 0) {
        condemned.add(digest);
      } else {
        roots.add(digest);
      }
    }
    Intent intent = Intent.drop(condemned);
    world.trace(() -> "  condemns " + intent);
    site.oracle().intends(intent);
    site.oracle().needsOnly(kept);
    try {
      CollectionReport report = site.volume().collect(() -> roots, () -> kept, Cancellation.NEVER);
      site.oracle().acknowledged(intent);
      return report;
    } catch (LarderException e) {
      seeWhatWasDropped(world, site, intent);
      throw e;
    }
  }

  /** Where the volume still takes changes, what it shows is what it has made durable. */
  private static void seeWhatWasDropped(World world, Site site, Intent intent) {
    if (world.crashed() || !site.volume().writable()) {
      return;
    }
    long left = intent.drops().stream().filter(d -> site.volume().artifact(d).isPresent()).count();
    Oracle.require(left == 0 || left == intent.drops().size(), () -> "dropped by halves");
    if (left == 0) {
      site.oracle().acknowledged(intent);
    } else {
      site.oracle().refused(intent);
    }
  }

  private static void read(World world, Site site) throws IOException {
    Optional<Digest> digest = world.anyOf(site);
    if (digest.isPresent()) {
      long end = site.disk().clock().nanos() + PATIENCE_NANOS;
      Cancellation deadline = () -> site.disk().clock().nanos() > end;
      try {
        site.check(digest.get(), world.contents().of(digest.get()), deadline);
      } catch (CancellationException e) {
        Oracle.require(deadline.isCancelled(), () -> "ended, but nobody cancelled it");
      }
    }
  }
}
