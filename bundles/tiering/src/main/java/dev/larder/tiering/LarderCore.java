package dev.larder.tiering;

import dev.larder.api.ArtifactStore;
import dev.larder.api.ErrorCode;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyManager;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierManager;
import dev.larder.tiering.work.EventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tier manager as one object: plain Java, used by the OSGi component and by tests alike. {@link
 * #start} returns at once; the gateway opens in the background and the services wait for it, for a
 * bounded time. Any thread.
 */
public final class LarderCore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LarderCore.class);

  private static final long READY_LOOK_MILLIS = 10;

  private final LarderSettings settings;
  private final Plugins plugins;
  private final EventSink events;
  private final Workers workers;
  private final CompletableFuture<Gateway> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> installed = new CompletableFuture<>();
  private final Access access = new Opening();
  private final ArtifactService store = new ArtifactService(access);
  private final SwapService swapper = new SwapService(access);
  private final TierService tiers = new TierService(access);
  private final MaintenanceService maintenance = new MaintenanceService(access);
  private final PolicyService policies = new PolicyService(access);
  private final StatisticsKeeper statistics = new StatisticsKeeper(access);
  private final HealthReporter health = new HealthReporter(access);

  /**
   * A core that is not started yet.
   *
   * @param settings what it is told from outside
   * @param plugins that are there, and come and go
   * @param events where events go
   */
  public LarderCore(LarderSettings settings, Plugins plugins, EventSink events) {
    this.settings = settings;
    this.plugins = plugins;
    this.events = events;
    this.workers = new Workers(settings.cores());
  }

  /** Starts to open the gateway; its tiers follow once {@link #pluginsSettled} was called. */
  public void start() {
    workers.openers().execute(this::open);
  }

  /** Instead of {@link #start}: the gateway cannot be opened, and the services say why. */
  public void fail(LarderException why) {
    LOG.error("the gateway cannot be opened: {}", why.describe());
    opened.completeExceptionally(why);
  }

  private void open() {
    try {
      Gateway gateway = Gateway.open(settings, plugins, workers, events);
      if (!opened.complete(gateway)) {
        gateway.close(); // closed meanwhile
        return;
      }
      LOG.info("gateway {} at {}", gateway.home.gateway(), gateway.home.folder());
      installed.thenRun(() -> openTiers(gateway));
    } catch (LarderException e) {
      LOG.error("the gateway cannot be opened: {}", e.describe());
      opened.completeExceptionally(e);
    } catch (RuntimeException e) {
      LOG.error("the gateway cannot be opened", e);
      opened.completeExceptionally(
          new LarderException(
              ErrorCode.INTERNAL, "the gateway cannot be opened: " + e, "see the log", e));
    }
  }

  private void openTiers(Gateway gateway) {
    try {
      gateway.openTiers();
    } catch (LarderException e) {
      LOG.error("the tiers cannot be opened: {}", e.describe());
    } catch (RejectedExecutionException e) {
      LOG.debug("closed before the tiers were opened", e);
    }
  }

  /**
   * All plug-ins that are installed have been registered: tiers without a named driver can be
   * recognised now. Later ones are welcome at any time. Only the first call counts.
   */
  public void pluginsSettled() {
    installed.complete(null);
  }

  /**
   * Tells once how the opening went: false with the reason if it failed, true when the gateway is
   * open and every tier is open or known not to be.
   */
  public void whenReady(BiConsumer<Boolean, Optional<LarderException>> listener) {
    opened.whenComplete(
        (gateway, failure) -> {
          if (failure != null) {
            listener.accept(false, access.failure());
          } else {
            pollReady(gateway, listener);
          }
        });
  }

  private void pollReady(Gateway gateway, BiConsumer<Boolean, Optional<LarderException>> listener) {
    if (health.ready()) {
      listener.accept(true, Optional.empty());
      return;
    }
    try {
      workers
          .timer()
          .schedule(() -> pollReady(gateway, listener), READY_LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed before it was ready", e);
    }
  }

  /** Waits until every tier is open or known not to be; false if that takes longer. */
  public boolean awaitReady(Duration atMost) throws LarderException {
    Gateway gateway = access.gateway();
    return gateway.settling.await(atMost);
  }

  /** Why the gateway cannot be opened, if so. */
  public Optional<LarderException> failure() {
    return access.failure();
  }

  /** Artifacts and their names. */
  public ArtifactStore store() {
    return store;
  }

  /** Swapping. */
  public ModelSwapper swapper() {
    return swapper;
  }

  /** Tiers. */
  public TierManager tiers() {
    return tiers;
  }

  /** Maintenance. */
  public Maintenance maintenance() {
    return maintenance;
  }

  /** Policies. */
  public PolicyManager policies() {
    return policies;
  }

  /** Figures. */
  public StatisticsService statistics() {
    return statistics;
  }

  /** Health. */
  public HealthService health() {
    return health;
  }

  /** Ends everything in order, in bounded time. */
  @Override
  public void close() {
    boolean never =
        opened.completeExceptionally(
            new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", ""));
    if (!never && !opened.isCompletedExceptionally()) {
      opened.join().close();
    }
    workers.close();
  }

  /** What the services see of it. */
  private final class Opening implements Access {

    @Override
    public Gateway gateway() throws LarderException {
      try {
        return opened.get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new LarderException(
            ErrorCode.UNAVAILABLE, "the gateway is starting", "try again in a moment", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LarderException(
            ErrorCode.UNAVAILABLE, "interrupted while the gateway started", "try again", e);
      } catch (ExecutionException e) {
        LarderException why = typed(e);
        throw new LarderException(why.code(), String.valueOf(why.getMessage()), why.advice(), why);
      }
    }

    private LarderException typed(ExecutionException e) {
      return e.getCause() instanceof LarderException known
          ? known
          : new LarderException(ErrorCode.INTERNAL, "the gateway failed: " + e, "see the log", e);
    }

    @Override
    public Optional<Gateway> ifOpen() {
      return opened.isDone() && !opened.isCompletedExceptionally()
          ? Optional.of(opened.join())
          : Optional.empty();
    }

    @Override
    public Optional<LarderException> failure() {
      if (!opened.isCompletedExceptionally()) {
        return Optional.empty();
      }
      try {
        opened.get(0, TimeUnit.NANOSECONDS);
        return Optional.empty();
      } catch (ExecutionException e) {
        return Optional.of(typed(e));
      } catch (InterruptedException | TimeoutException e) {
        return Optional.empty(); // it is complete, so neither can be
      }
    }

    @Override
    public boolean pluginsSettled() {
      return installed.isDone();
    }
  }
}
