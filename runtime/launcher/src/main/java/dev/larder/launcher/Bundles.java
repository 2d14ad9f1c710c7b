package dev.larder.launcher;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;

/**
 * Installs and starts the bundles of a distribution, in place: the framework reads the jars where
 * they lie. A bundle that cannot be installed or started is reported, and all others start.
 */
final class Bundles {
  private final Logger log;
  private final List<String> problems = new ArrayList<>();
  private boolean starting = true;
  private @Nullable Runnable afterStarting;

  Bundles(Logger log) {
    this.log = log;
  }

  /** One line for each bundle that is not running though it should. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * Lets no further bundle start. The action runs once the bundle that is being started just now
   * has done so: at once, or on the thread that starts them.
   */
  void stopStarting(Runnable action) {
    synchronized (this) {
      if (starting) {
        afterStarting = action;
        return;
      }
    }
    action.run();
  }

  private synchronized boolean isCancelled() {
    return afterStarting != null;
  }

  /**
   * Called once.
   *
   * @return false if a stop came in between
   */
  boolean start(BundleContext context, BundleList list) {
    installAndStart(context, list);
    Runnable action;
    synchronized (this) {
      starting = false;
      action = afterStarting;
    }
    if (action != null) {
      action.run();
    }
    return action == null;
  }

  private void installAndStart(BundleContext context, BundleList list) {
    List<Bundle> installed = new ArrayList<>();
    for (BundleList.Entry entry : list.entries()) {
      try {
        Bundle bundle = context.installBundle("reference:" + entry.file().toUri());
        bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
        installed.add(bundle);
      } catch (BundleException e) {
        problem("bundle file " + entry.file() + " cannot be installed", e);
      }
    }
    for (Bundle bundle : installed) {
      if (isCancelled()) {
        return;
      }
      if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
        start(bundle);
      }
    }
  }

  private void start(Bundle bundle) {
    long began = System.nanoTime();
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
      log.debug("{} started in {} us", bundle, (System.nanoTime() - began) / 1000);
    } catch (BundleException e) {
      problem("bundle " + bundle.getSymbolicName() + " does not start", e);
    }
  }

  private void problem(String what, BundleException why) {
    problems.add(what + " (" + Reasons.ofRoot(why) + ")");
    log.error("{}; everything else goes on", what, why);
  }
}
