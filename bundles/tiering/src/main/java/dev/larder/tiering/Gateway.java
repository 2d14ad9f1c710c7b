package dev.larder.tiering;

import dev.larder.api.Digest;
import dev.larder.api.Events;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.VolumeSnapshot;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Stamps;
import dev.larder.store.VolumeContext;
import dev.larder.tiering.home.Home;
import dev.larder.tiering.home.StampCeiling;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.names.UntoldChanges;
import dev.larder.tiering.placement.CodecChooser;
import dev.larder.tiering.placement.Placer;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.prefetch.CacheView;
import dev.larder.tiering.prefetch.Prefetcher;
import dev.larder.tiering.ram.MachineMemory;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamSettings;
import dev.larder.tiering.swap.Swapper;
import dev.larder.tiering.tier.DeviceScanner;
import dev.larder.tiering.tier.Drivers;
import dev.larder.tiering.tier.MediaWatch;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierDefinitions;
import dev.larder.tiering.tier.TierEnvironment;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.upkeep.CacheFiller;
import dev.larder.tiering.upkeep.CacheLedgers;
import dev.larder.tiering.upkeep.CacheRoom;
import dev.larder.tiering.upkeep.Collector;
import dev.larder.tiering.upkeep.Drainer;
import dev.larder.tiering.upkeep.HomeSurvey;
import dev.larder.tiering.upkeep.Importer;
import dev.larder.tiering.upkeep.Migrator;
import dev.larder.tiering.upkeep.Mover;
import dev.larder.tiering.upkeep.Readoption;
import dev.larder.tiering.upkeep.RecentLoads;
import dev.larder.tiering.upkeep.Reencoder;
import dev.larder.tiering.upkeep.Repairer;
import dev.larder.tiering.upkeep.Scrubber;
import dev.larder.tiering.upkeep.Takeover;
import dev.larder.tiering.upkeep.Usage;
import dev.larder.tiering.upkeep.WearBudgets;
import dev.larder.tiering.work.AbsentReplicas;
import dev.larder.tiering.work.Copier;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Ingest;
import dev.larder.tiering.work.Journal;
import dev.larder.tiering.work.Loader;
import dev.larder.tiering.work.PatientCodecs;
import dev.larder.tiering.work.Pins;
import dev.larder.tiering.work.Puts;
import dev.larder.tiering.work.Reads;
import dev.larder.tiering.work.References;
import dev.larder.tiering.work.Replicas;
import dev.larder.tiering.work.Settling;
import dev.larder.tiering.work.Telling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an opened gateway, wired. Nothing in here decides anything. */
final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final long TICK_MILLIS = 1000;
  private static final long SCAN_MILLIS = 2000;
  private static final long WEAR_MILLIS = 60_000;
  private static final long MOVE_MILLIS = 100;

  /** At most 3.5 MB each time: half a gigabyte a day if all of it is new, of a home's flash. */
  private static final long NOTE_MINUTES = 10;

  final LarderSettings settings;
  final Plugins plugins;
  final Workers workers;
  final EventSink events;
  final Clock wallClock = Clock.systemUTC();
  final LongSupplier nanoTime;
  final Home home;
  final PolicyChoices policies;
  final RamCache ram;
  final PolicyTrials trials;
  final Namespace names;
  final Catalog catalog;
  final Settling settling;
  final AbsentReplicas absent = new AbsentReplicas();
  final Pins pins = new Pins();
  final Usage usage;
  final RecentLoads loads;
  final Tiers tiers;
  final UntoldChanges untold;
  final Telling telling;
  final Journal journal;
  final Replicas replicas;
  final References references;
  final Puts puts;
  final Reads reads;
  final Swapper swapper;
  final Prefetcher prefetcher;
  final Readoption readoption;
  final Migrator migrator;
  final Collector collector;
  final Repairer repairer;
  final Scrubber scrubber;
  final Reencoder reencoder;
  final Drainer drainer;
  final Mover mover;
  final CacheLedgers caches;
  final CacheFiller fills;
  final WearBudgets wear;
  final Importer importer;
  final Takeover takeover;
  final MediaWatch watch;
  final PatientCodecs codecs;
  final CodecChooser chooser;

  /** Tiers whose repair waits for its turn. */
  private final Set<String> repairing = ConcurrentHashMap.newKeySet();

  /**
   * Opens the home and the RAM cache, and the catalog in the background. No tier is opened before
   * {@link #openTiers}.
   */
  static Gateway open(LarderSettings settings, Plugins plugins, Workers workers, EventSink events)
      throws LarderException {
    Home home = Home.open(settings.home());
    @Nullable RamCache ram = null;
    try {
      PolicyChoices policies = new PolicyChoices(home.conf(), plugins);
      LongSupplier nanoTime = System::nanoTime;
      ram = openRam(settings, home, policies, workers, events, nanoTime);
      return new Gateway(settings, plugins, workers, events, nanoTime, home, policies, ram);
    } catch (LarderException | RuntimeException e) {
      closeQuietly(ram);
      home.close();
      throw e;
    }
  }

  private static RamCache openRam(
      LarderSettings settings,
      Home home,
      PolicyChoices policies,
      Workers workers,
      EventSink events,
      LongSupplier nanoTime)
      throws LarderException {
    RamSettings ram =
        Failures.typed(
            "setting up the RAM cache",
            () -> {
              RamDefaults defaults = new RamDefaults(settings.root());
              Path folder =
                  settings.ramFolder().isPresent()
                      ? settings.ramFolder().get()
                      : defaults.folder(home.folder());
              long limit =
                  settings.ramLimit().isPresent()
                      ? settings.ramLimit().getAsLong()
                      : defaults.limit(folder);
              return new RamSettings(
                  folder,
                  limit,
                  settings.ramGroup(),
                  new MachineMemory(settings.root()),
                  RamSettings.of(folder, limit).roomWait());
            });
    return RamCache.open(
        ram,
        policies.cache(),
        (digest, size, cause) ->
            events.post(
                Events.EVICTED, Map.of(Events.DIGEST, digest.toString(), Events.SIZE, size)),
        home.conf().resolve("ram.ledger"),
        workers.policies(),
        nanoTime);
  }

  private Gateway(
      LarderSettings settings,
      Plugins plugins,
      Workers workers,
      EventSink events,
      LongSupplier nanoTime,
      Home home,
      PolicyChoices policies,
      RamCache ram)
      throws LarderException {
    this.settings = settings;
    this.plugins = plugins;
    this.workers = workers;
    this.events = events;
    this.nanoTime = nanoTime;
    this.home = home;
    this.policies = policies;
    this.ram = ram;
    this.trials = new PolicyTrials(policies, ram, workers.policies());
    Duration patience = settings.patience();
    names = new Namespace(settings.keptHistory());
    settling = new Settling(patience);
    usage = new Usage(home.conf().resolve("heat"), nanoTime);
    loads = new RecentLoads(nanoTime);
    codecs = new PatientCodecs(plugins.codecs(), patience, nanoTime);
    Stamps stamps = new Stamps(home.gateway(), wallClock);
    StampCeiling ceiling = StampCeiling.open(home.conf().resolve("stamps"), stamps);
    untold = UntoldChanges.open(home.conf().resolve("untold"));
    untold.all().forEach(one -> names.add(one.holder(), one.change()));
    DeviceScanner devices = new DeviceScanner(settings.root());
    TierWatch listener = new TierWatch(this);
    tiers =
        new Tiers(
            new TierDefinitions(home.conf().resolve("tiers")),
            new TierEnvironment(
                new Drivers(plugins.drivers()),
                devices,
                new VolumeContext(
                    stamps, codecs, workers.store(), workers.readers(), settings.cores()),
                this::apart,
                workers.openers(),
                workers.timer(),
                nanoTime,
                patience,
                settings.drain(),
                settings.probe(),
                listener));
    catalog = Catalog.open(home.catalog(), this::snapshot);
    telling = new Telling(tiers, names, untold, catalog);
    journal = new Journal(home.gateway(), names, catalog, telling);
    replicas = new Replicas(tiers, absent, this::damaged, settling, patience, nanoTime);
    references =
        new References(names, tiers, replicas, journal, stamps, ceiling, catalog, settling);
    Placer placer = new Placer(policies.placement());
    chooser =
        new CodecChooser(
            plugins.codecs(), policies.codec(), settings.cores(), settings.codecChoice(), nanoTime);
    Ingest ingest = new Ingest(plugins.chunkers(), chooser);
    puts =
        new Puts(
            tiers,
            placer,
            ingest,
            references,
            journal,
            pins,
            events,
            (result, byRule) -> put(result.digest(), byRule),
            settling,
            patience,
            nanoTime);
    reads = new Reads(references, replicas, pins);
    Copier copier = new Copier(names, ingest, journal);
    migrator = new Migrator(tiers, names, copier, journal, stamps, pins, events, patience);
    collector = new Collector(tiers, names, journal, pins, ram::inUse, this::isLoading, nanoTime);
    repairer = new Repairer(tiers, copier, collector);
    scrubber = new Scrubber(repairer, this::isLoading, nanoTime);
    wear = new WearBudgets(tiers, home.conf().resolve("tiers"), nanoTime);
    reencoder = new Reencoder(tiers, wear, this::isLoading, nanoTime);
    caches =
        new CacheLedgers(
            policies.cache(), home.conf().resolve("tiers"), workers.policies(), nanoTime);
    fills =
        new CacheFiller(
            tiers,
            caches,
            new CacheRoom(names, journal, collector, stamps, ram, events),
            copier,
            pins,
            events,
            this::isLoading,
            wear);
    drainer = new Drainer(tiers, names, placer, migrator, collector, fills, telling);
    importer =
        new Importer(
            tiers,
            names,
            settings.keptHistory(),
            journal,
            telling,
            stamps,
            ceiling,
            events,
            nanoTime);
    mover =
        new Mover(
            tiers,
            new HomeSurvey(tiers, names, placer, usage, wear, ram, settings.movePause()),
            migrator,
            collector,
            usage,
            wear,
            this::isLoading,
            nanoTime);
    takeover = new Takeover(tiers, devices);
    watch = new MediaWatch(tiers, devices, workers.openers());
    Loader loader = new Loader(references, replicas, pins, ram);
    swapper = new Swapper(loader, ram, workers.loaders(), new SwapFeed(this), nanoTime);
    prefetcher =
        new Prefetcher(
            policies.prediction(),
            swapper,
            new CacheView(ram, swapper, loader::find),
            workers.prefetch(),
            home.conf().resolve("prediction"),
            settings.root(),
            Clock.systemDefaultZone(),
            nanoTime);
    readoption =
        new Readoption(ram, names, replicas, tiers, loader::resident, this::isLoading, nanoTime);
    for (PolicySelector<?> selector : policies.all()) {
      selector.listen(name -> policyChanged(selector, name));
    }
  }

  private boolean isLoading() {
    return swapper.loading() > 0;
  }

  /** A replica was found damaged while it was read: it is made whole in the background. */
  private void damaged(Tier tier) {
    if (repairing.add(tier.name())) {
      background(
          "repairing tier " + tier.name(),
          () -> {
            repairing.remove(tier.name());
            repair(tier);
          });
    }
  }

  private void repair(Tier tier) throws IOException {
    Optional<TierUse> use = tier.tryUse();
    if (use.isPresent()) {
      try (TierUse held = use.get()) {
        repairer.repair(held, held::isStale);
      }
    }
  }

  /** Goes on with a scrub that a stop has cut off; beside the other work, since it takes long. */
  void resumeScrub(Tier tier) {
    workers
        .scrubs()
        .execute(
            () -> {
              try (TierUse use = tier.tryUse().orElseThrow(tier::unusable)) {
                scrubber.resume(use, Cancellation.NEVER);
              } catch (CancellationException e) {
                LOG.debug("the scrub of tier {} was cut off again", tier.name(), e);
              } catch (IOException | RuntimeException e) {
                LOG.warn("scrubbing tier {} failed", tier.name(), e);
              }
            });
  }

  /** What a volume of others is opened with: its counters must not move ours. */
  private VolumeContext apart() {
    Stamps own = new Stamps(home.gateway(), wallClock);
    return new VolumeContext(own, codecs, workers.store(), workers.readers(), settings.cores());
  }

  private void put(Digest digest, boolean byRule) {
    reencoder.used();
    usage.used(digest);
    usage.placed(digest, byRule);
    background("making room", mover::relieve);
  }

  /** Something was loaded from a storage tier. */
  void loadedFromStorage(Digest digest) {
    if (fills.suits(digest)) {
      workers.fill(() -> fills.fill(digest));
    } else if (loads.loaded(digest).isPresent()) {
      mover.wish();
    }
  }

  private void policyChanged(PolicySelector<?> selector, String name) {
    events.post(
        Events.POLICY_CHANGED,
        Map.of(Events.SERVICE, selector.service().name(), Events.NAME, name));
  }

  private Optional<VolumeSnapshot> snapshot(UUID volume) {
    return tiers
        .find(volume)
        .flatMap(
            tier ->
                tier.tryUse()
                    .map(
                        use -> {
                          try (use) {
                            return journal.snapshot(tier, use.volume());
                          }
                        }));
  }

  /** Opens the tiers, in the background; makes a first one where none was ever defined. */
  void openTiers() throws LarderException {
    workers.scrubs().execute(readoption::check);
    boolean first = tiers.start();
    settling.by(tiers::settled);
    if (first) {
      workers.openers().execute(this::firstTier);
    }
    workers
        .timer()
        .scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(
            () -> background("noting what was used", this::noteHistory),
            NOTE_MINUTES,
            NOTE_MINUTES,
            TimeUnit.MINUTES);
    workers
        .timer()
        .scheduleWithFixedDelay(this::review, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(this::reencode, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(this::move, MOVE_MILLIS, MOVE_MILLIS, TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(this::lookForMedia, 0, SCAN_MILLIS, TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(
            () -> workers.openers().execute(this::lookAtMedia),
            TICK_MILLIS,
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
    workers
        .timer()
        .scheduleWithFixedDelay(
            () -> workers.openers().execute(wear::settle),
            WEAR_MILLIS,
            WEAR_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Tiers that are known go first: a copy of one of their volumes is told by that. */
  private void lookForMedia() {
    if (settling.isSettled()) {
      background("looking for media", takeover::look);
    }
  }

  private void tick() {
    ram.tick();
    caches.tick(tiers.of(TierRole.CACHE));
  }

  private void noteHistory() {
    ram.noteHistory();
    caches.note();
  }

  private void review() {
    if (readoption.mayReview()) {
      background("looking through the RAM cache", readoption::review);
    }
  }

  /** Beside the other work in the background, since it takes long. */
  private void reencode() {
    if (reencoder.isTime() && !workers.maintaining()) {
      workers.scrubs().execute(reencoder::run);
    }
  }

  private void move() {
    if (settling.isSettled() && mover.isTime()) {
      workers.fill(mover::run);
    }
  }

  /** What is known only here is put down now and then. */
  private void note() {
    wear.settle();
    usage.saveIfDue();
  }

  private void lookAtMedia() {
    watch.look();
    try {
      journal.ifQuiet(telling::settle);
    } catch (IOException e) {
      LOG.warn("what volumes were told cannot be noted", e);
    }
  }

  /** With nothing recognised, a tier of its own in the home. */
  private void firstTier() {
    try {
      takeover.look();
      if (tiers.of(TierRole.STORAGE).isEmpty()) {
        Path folder = home.folder().resolve("tiers").resolve("local");
        Files.createDirectories(folder);
        tiers.addOwn(
            new TierSpec(
                "local",
                folder.toString(),
                Optional.empty(),
                TierRole.STORAGE,
                OptionalLong.empty(),
                Map.of()));
      }
      tiers.initialised();
    } catch (IOException | RuntimeException e) {
      LOG.error("the first tier cannot be made", e);
      tiers.firstFailed(e);
    } finally {
      settling.changed();
    }
  }

  /** Does something when the maintenance thread has time; failures are logged. */
  void background(String what, Background work) {
    if (workers.maintenance().isShutdown()) {
      return;
    }
    workers
        .maintenance()
        .execute(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException e) {
                LOG.warn("{} failed", what, e);
              }
            });
  }

  /** Work in the background. */
  @FunctionalInterface
  interface Background {
    void run() throws IOException;
  }

  /** Whether nothing but requests is going on. */
  boolean idle() {
    return !workers.maintaining()
        && swapper.loading() == 0
        && ram.unchecked().isEmpty()
        && !readoption.mayReview()
        && settling.isSettled()
        && !reencoder.due()
        && !mover.due();
  }

  /** Ends everything in order: takes nothing new, closes volumes, then what they rest on. */
  @Override
  public void close() {
    puts.close();
    prefetcher.close();
    swapper.close();
    readoption.close();
    mover.close();
    fills.close();
    scrubber.close();
    reencoder.close();
    importer.close();
    workers.stopStarting();
    wear.settle();
    wear.close();
    usage.close();
    tiers.close();
    untold.close();
    catalog.close();
    chooser.close();
    codecs.close();
    workers.close();
    caches.close();
    closeQuietly(ram);
    home.close();
  }

  private static void closeQuietly(@Nullable RamCache ram) {
    try {
      if (ram != null) {
        ram.close();
      }
    } catch (IOException e) {
      LOG.warn("the RAM cache was not closed in order", e);
    }
  }
}
