package dev.larder.itest.pax;

import static org.junit.Assert.fail;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactStore;
import dev.larder.api.Content;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyManager;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.StatisticsService;
import dev.larder.api.StoredContent;
import dev.larder.api.TierManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.junit.Before;
import org.osgi.framework.BundleContext;

/** What all tests inside the framework have: the services of the gateway, once it is ready. */
public abstract class GatewayTestCase {

  private static final Duration READY = Duration.ofSeconds(30);

  @Inject protected BundleContext context;
  @Inject protected ArtifactStore store;
  @Inject protected ModelSwapper swapper;
  @Inject protected TierManager tiers;
  @Inject protected PolicyManager policies;
  @Inject protected StatisticsService statistics;
  @Inject protected HealthService health;
  @Inject protected Maintenance maintenance;

  /** Something that may fail as the gateway does. */
  protected interface Request {
    void send() throws Exception;
  }

  @Before
  public void gatewayIsReady() throws Exception {
    await("the gateway is ready", READY, health::ready);
  }

  protected static Path work() {
    return Path.of(System.getProperty("larder.itest.work"));
  }

  protected PutResult put(String reference, byte[] bytes) throws IOException {
    return store.put(PutRequest.of(Reference.parse(reference), ArtifactKind.MODEL), content(bytes));
  }

  protected static Content content(byte[] bytes) {
    return Content.of(
        Channels.newChannel(new ByteArrayInputStream(bytes)), OptionalLong.of(bytes.length));
  }

  protected byte[] get(String reference) throws IOException {
    return read(store, Reference.parse(reference));
  }

  static byte[] read(ArtifactStore store, Reference reference) throws IOException {
    try (StoredContent content = store.open(reference);
        var channel = content.read(0, content.size())) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  /** The error of a request that must fail in the gateway's own way. */
  protected static LarderException failureOf(Request request) throws Exception {
    try {
      request.send();
    } catch (LarderException e) {
      return e;
    }
    fail("the request should have failed");
    throw new IllegalStateException();
  }

  /** Waits until something holds; a test has no other way to see the work of other threads. */
  protected static void await(String what, Duration patience, Callable<Boolean> condition)
      throws Exception {
    await(what, patience, condition, () -> "");
  }

  /** The same, with a word about what is the matter. */
  protected static void await(
      String what, Duration patience, Callable<Boolean> condition, Callable<String> matter)
      throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail("not within " + patience + ": " + what + "\n" + matter.call());
      }
      Thread.sleep(10);
    }
  }
}
