package dev.larder.launcher.sample;

import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Of a bundle that says that the gateway cannot run. */
public final class FailedActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(
        Object.class,
        new Object(),
        FrameworkUtil.asDictionary(Map.of("larder.failed", "the RAM folder\nis not ours")));
  }

  @Override
  public void stop(BundleContext context) {}
}
