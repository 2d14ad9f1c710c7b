package dev.larder.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.cm.PersistenceManager;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers the persistence manager named {@code larder}, on {@code conf/config} of the home. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {
  private static final String HOME = "larder.home";

  @Override
  public void start(BundleContext context) throws IOException {
    String home = context.getProperty(HOME);
    if (home == null) {
      throw new IllegalStateException("framework property " + HOME + " is not set");
    }
    Logger log = LoggerFactory.getLogger(DurablePersistenceManager.class);
    DurableFolder folder = new DurableFolder(Path.of(home, "conf", "config"));
    context.registerService(
        PersistenceManager.class,
        new DurablePersistenceManager(new ConfigurationFiles(folder, log), log),
        FrameworkUtil.asDictionary(Map.of("name", "larder")));
  }

  @Override
  public void stop(BundleContext context) {
    // The framework takes the service back.
  }
}
