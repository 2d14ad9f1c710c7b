package dev.larder.itest.pax;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** A bundle that comes and goes, and the class loaders of its former revisions. */
final class PlugIn {

  private static final Duration COLLECTED = Duration.ofSeconds(20);
  private static final long REFRESH_SECONDS = 30;
  private static final int OTHER_EVENTS = 50;

  private final BundleContext context;
  private final Bundle bundle;
  private final List<WeakReference<ClassLoader>> former = new ArrayList<>();

  PlugIn(BundleContext context, Bundle bundle) {
    this.context = context;
    this.bundle = bundle;
  }

  static PlugIn named(BundleContext context, String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return new PlugIn(context, bundle);
      }
    }
    throw new AssertionError("there is no bundle " + symbolicName);
  }

  void stop() throws BundleException {
    bundle.stop();
  }

  void start() throws BundleException {
    bundle.start();
  }

  /** Puts the same bundle in its own place, as a new revision with classes of its own. */
  void update() throws BundleException {
    former.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    bundle.update();
  }

  /** Lets the framework drop what updates have left behind. */
  void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    context
        .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            null,
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
              }
            });
    if (!done.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the framework does not end its refresh");
    }
  }

  /** How many class loaders of former revisions are still there after a collection. */
  int formerClassLoaders() throws InterruptedException {
    long end = System.nanoTime() + COLLECTED.toNanos();
    while (true) {
      pushOutLastEvents();
      System.gc();
      int left = (int) former.stream().filter(r -> r.get() != null).count();
      if (left == 0 || System.nanoTime() > end) {
        return left;
      }
      Thread.sleep(100);
    }
  }

  /**
   * Each of EventAdmin's pooled threads remembers the last event that it delivered, and an event of
   * Equinox its service: a constant number of former revisions, whatever ours do. Events of other
   * services take their place.
   */
  private void pushOutLastEvents() {
    for (int i = 0; i < OTHER_EVENTS; i++) {
      context.registerService(Object.class, new Object(), null).unregister();
    }
  }

  @Override
  public String toString() {
    return bundle.getSymbolicName();
  }
}
