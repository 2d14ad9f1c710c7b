package dev.larder.launcher.sample;

import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.LoggerFactory;

/** Of a bundle that is the core and the HTTP API at once. */
public final class ReadyActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    LoggerFactory.getLogger("sample").info("hello from {}", context.getProperty("larder.home"));
    System.out.println("printed by a bundle");
    context.registerService(
        Object.class,
        new Object(),
        FrameworkUtil.asDictionary(
            Map.of("osgi.condition.id", "sample.ready", "url", "http://127.0.0.1:1")));
  }

  @Override
  public void stop(BundleContext context) {}
}
