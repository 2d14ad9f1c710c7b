package dev.larder.launcher;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;

/**
 * The bundles of a distribution, installed in place: the framework reads the jars where they lie,
 * and starts them level by level when it starts itself. A bundle that cannot be installed or
 * started is reported, and all others start.
 */
final class Bundles implements FrameworkListener {
  private final Logger log;
  private final List<String> problems = new ArrayList<>(); // guarded by this

  Bundles(Logger log) {
    this.log = log;
  }

  /** One line for each bundle that is not running though it should. */
  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** Called between the framework's init and start: marks all to be started with it. */
  void install(BundleContext context, BundleList list) {
    context.addFrameworkListener(this);
    for (BundleList.Entry entry : list.entries()) {
      try {
        Bundle bundle = context.installBundle("reference:" + entry.file().toUri());
        bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
          bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
      } catch (BundleException e) {
        problem("bundle file " + entry.file() + " cannot be installed", e);
      }
    }
  }

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() != FrameworkEvent.ERROR) {
      return;
    }
    Bundle bundle = event.getBundle();
    if (event.getThrowable() instanceof BundleException e && bundle.getState() != Bundle.ACTIVE) {
      problem("bundle " + bundle.getSymbolicName() + " does not start", e);
    } else {
      log.error("In bundle {}", bundle, event.getThrowable());
    }
  }

  private void problem(String what, BundleException why) {
    synchronized (this) {
      problems.add(what + " (" + Reasons.ofRoot(why) + ")");
    }
    log.error("{}; everything else goes on", what, why);
  }
}
