package dev.larder.tiering.osgi;

import dev.larder.api.ArtifactStore;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyManager;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierManager;
import dev.larder.tiering.LarderCore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/**
 * The core's services in the framework's registry. The health service says by the property {@code
 * larder.failed} why the gateway cannot run; the condition {@code larder.ready} says that it does.
 */
final class Publication {

  private static final String FAILED = "larder.failed";
  private static final String FAILED_CODE = "larder.failed.code";
  private static final String READY = "larder.ready";

  private final BundleContext context;
  private final LarderCore core;
  private final FrameworkListener started = this::frameworkEvent;
  private final Deque<ServiceRegistration<?>> registrations = new ArrayDeque<>(); // guarded by this
  private boolean closed; // guarded by this

  Publication(BundleContext context, LarderCore core) {
    this.context = context;
    this.core = core;
  }

  synchronized void open() {
    register(ArtifactStore.class, core.store());
    register(ModelSwapper.class, core.swapper());
    register(TierManager.class, core.tiers());
    register(Maintenance.class, core.maintenance());
    register(PolicyManager.class, core.policies());
    register(StatisticsService.class, core.statistics());
    ServiceRegistration<HealthService> health = register(HealthService.class, core.health());
    core.whenReady((ready, failure) -> opened(health, failure));
    // Only when all bundles have started are all installed drivers known.
    context.addFrameworkListener(started);
    if (context.getBundle(0).getState() == Bundle.ACTIVE) {
      core.pluginsSettled();
    }
  }

  private void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.STARTED) {
      core.pluginsSettled();
    }
  }

  private <S> ServiceRegistration<S> register(Class<S> type, S service) {
    ServiceRegistration<S> registration =
        context.registerService(type, service, new Hashtable<String, Object>());
    registrations.push(registration);
    return registration;
  }

  private synchronized void opened(
      ServiceRegistration<HealthService> health, Optional<LarderException> failure) {
    if (closed) {
      return;
    }
    Dictionary<String, Object> properties = new Hashtable<>();
    if (failure.isPresent()) {
      properties.put(FAILED, failure.get().describe());
      properties.put(FAILED_CODE, failure.get().code().name());
      health.setProperties(properties);
    } else {
      properties.put(Condition.CONDITION_ID, READY);
      registrations.push(context.registerService(Condition.class, Condition.INSTANCE, properties));
    }
  }

  /** Latest first, so that nobody is ready without services. */
  void close() {
    Deque<ServiceRegistration<?>> all;
    synchronized (this) {
      closed = true;
      all = new ArrayDeque<>(registrations);
      registrations.clear();
    }
    context.removeFrameworkListener(started);
    all.forEach(ServiceRegistration::unregister);
  }
}
