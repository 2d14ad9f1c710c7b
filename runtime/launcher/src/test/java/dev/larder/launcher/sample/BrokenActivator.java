package dev.larder.launcher.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Of a bundle that does not start. */
public final class BrokenActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    throw new IllegalStateException("broken on purpose");
  }

  @Override
  public void stop(BundleContext context) {}
}
