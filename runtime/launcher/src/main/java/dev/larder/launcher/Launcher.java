package dev.larder.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.slf4j.Logger;

/** One run of a gateway, from an open home to the end of the framework. */
final class Launcher {
  /** A stop that takes longer is given up; what was acknowledged is safe by then in any case. */
  private static final long STOP_SECONDS = 30;

  private final Options options;
  private final Home home;
  private final Logger log;
  private final PrintStream console;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Bundles bundles;
  private volatile @Nullable Framework started;
  private volatile boolean stopping;

  Launcher(Options options, Home home, Logger log, PrintStream console) {
    this.options = options;
    this.home = home;
    this.log = log;
    this.console = console;
    this.bundles = new Bundles(log);
  }

  /** Returns when the framework has stopped. */
  void run() throws LaunchException, InterruptedException {
    BundleList list = BundleList.read(options.distribution(), options.dev());
    Map<String, String> properties =
        FrameworkProperties.read(options, home, list.highestStartLevel(), System.getenv());
    checkPort(properties);
    Framework framework = create(properties);
    RunFile runFile = new RunFile(home.runFile());
    started = framework;
    Thread onTerm = new Thread(this::stopAndWait, "larder-stop");
    Runtime.getRuntime().addShutdownHook(onTerm);
    try {
      Readiness readiness = new Readiness(conditions(properties));
      readiness.failed().thenAccept(failure -> stop());
      start(framework, list, readiness, runFile, properties);
      awaitEnd(framework);
      if (readiness.failed().isDone()) {
        throw new LaunchException(readiness.failed().join());
      }
    } finally {
      remove(runFile);
      ended.countDown();
      removeHook(onTerm);
    }
  }

  private void start(
      Framework framework,
      BundleList list,
      Readiness readiness,
      RunFile runFile,
      Map<String, String> properties)
      throws LaunchException {
    try {
      framework.init();
      BundleContext context = framework.getBundleContext();
      readiness.listen(context);
      new LogBridge(context).open();
      bundles.install(context, list);
      framework.start(); // returns when all bundles have been started
    } catch (BundleException e) {
      throw new LaunchException("the OSGi framework does not start: " + Reasons.ofRoot(e), e);
    }
    if (stopping) {
      return;
    }
    String version = properties.getOrDefault("larder.version", "unknown");
    for (String problem : bundles.problems()) {
      console.println("larder: " + problem);
    }
    if (!readiness.ready().isDone()) {
      log.info("All bundles started; waiting for {}", readiness.missing());
      console.println("waiting for " + String.join(", ", readiness.missing()));
    }
    // On this thread, or on that of the bundle which becomes ready last.
    readiness.ready().thenRun(() -> announce(runFile, readiness.url(), version));
  }

  private void announce(RunFile runFile, @Nullable String url, String version) {
    try {
      runFile.write(ProcessHandle.current().pid(), url, version, home.folder());
    } catch (IOException e) {
      log.error("Cannot write {}: clients will not find the gateway", home.runFile(), e);
    }
    log.info(
        "Ready after {} ms, home {}{}",
        ManagementFactory.getRuntimeMXBean().getUptime(),
        home.folder(),
        url == null ? "" : ", " + url);
  }

  private static void checkPort(Map<String, String> properties) throws LaunchException {
    String text = properties.get("org.osgi.service.http.port");
    if (text == null) {
      return;
    }
    try {
      int port = Integer.parseInt(text);
      String host = properties.getOrDefault("org.apache.felix.http.host", "127.0.0.1");
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new LaunchException(
          "cannot listen on port "
              + text
              + " ("
              + Reasons.of(e)
              + "); choose another one with --port or $LARDER_PORT, 0 for any free one",
          e);
    }
  }

  private static Framework create(Map<String, String> properties) throws LaunchException {
    Iterator<FrameworkFactory> factories = ServiceLoader.load(FrameworkFactory.class).iterator();
    if (!factories.hasNext()) {
      throw new LaunchException(
          "no OSGi framework on the class path; the installation is incomplete");
    }
    return factories.next().newFramework(properties);
  }

  private static Set<String> conditions(Map<String, String> properties) {
    Set<String> conditions = new TreeSet<>();
    for (String id : properties.getOrDefault("larder.ready", "").split(",")) {
      if (!id.isBlank()) {
        conditions.add(id.strip());
      }
    }
    return conditions;
  }

  private void awaitEnd(Framework framework) throws InterruptedException {
    while (true) {
      FrameworkEvent event = framework.waitForStop(0);
      if (event.getType() == FrameworkEvent.STOPPED_UPDATE
          || event.getType() == FrameworkEvent.STOPPED_SYSTEM_REFRESHED) {
        continue; // it starts again by itself
      }
      log.info("Stopped");
      return;
    }
  }

  /** Begins an orderly stop; {@link #run} returns when it is over. */
  void stop() {
    Framework framework = started;
    if (framework == null) {
      return;
    }
    stopping = true;
    try {
      framework.stop(); // goes on on a thread of the framework, after the bundle that is starting
    } catch (BundleException e) {
      log.error("The framework does not stop", e);
    }
  }

  private void stopAndWait() {
    stop();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.error("Not stopped after {} s, ending all the same", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down already, by that very hook.
    }
  }

  private void remove(RunFile runFile) {
    try {
      runFile.remove();
    } catch (IOException e) {
      log.warn("Cannot remove {}", home.runFile(), e);
    }
  }
}
