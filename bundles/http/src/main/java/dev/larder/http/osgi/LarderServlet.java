package dev.larder.http.osgi;

import dev.larder.api.Events;
import dev.larder.http.HttpApi;
import dev.larder.http.core.Application;
import dev.larder.http.core.Token;
import dev.larder.http.events.EventHub;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands requests and events from the framework to the application. */
@Component(
    service = {Servlet.class, EventHandler.class},
    immediate = true, // the token must be there before the first request
    property = "event.topics=" + Events.PREFIX + "*")
@HttpWhiteboardServletPattern("/*")
@HttpWhiteboardServletAsyncSupported
public final class LarderServlet extends HttpServlet implements EventHandler {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LarderServlet.class);
  private static final String HOME = "larder.home";
  private static final String VERSION = "larder.version";
  private static final Dictionary<String, String> SERVING =
      FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, "larder.http"));
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final transient BundleContext context;
  private final transient EventHub events;
  private final transient Application application;
  private transient @Nullable ServiceRegistration<Condition> serving;

  /** Made by the framework. */
  @Activate
  public LarderServlet(BundleContext context, @Reference LiveServices services) {
    long started = System.nanoTime();
    this.context = context;
    events = new EventHub(HEARTBEAT_MILLIS);
    application =
        HttpApi.create(
            services,
            token(context),
            events,
            new InstalledBundles(context),
            Optional.ofNullable(context.getProperty(VERSION))
                .orElseGet(() -> context.getBundle().getVersion().toString()),
            () -> System.nanoTime() - started);
  }

  private static Optional<Token> token(BundleContext context) {
    String home =
        Optional.ofNullable(context.getProperty(HOME))
            .or(() -> Optional.ofNullable(System.getenv("LARDER_HOME")))
            .orElse("larder-home");
    Path file = Path.of(home, "conf", "token");
    try {
      return Optional.of(Token.load(file));
    } catch (IOException | UnsupportedOperationException e) {
      LOG.error("no token in {}: all requests that need one are refused", file, e);
      return Optional.empty();
    }
  }

  /**
   * Called by the container when it has taken the servlet in: from now on requests are answered.
   */
  @Override
  public synchronized void init() {
    if (serving == null) {
      serving = context.registerService(Condition.class, Condition.INSTANCE, SERVING);
    }
  }

  /** Called by the container when it lets the servlet go. */
  @Override
  public synchronized void destroy() {
    ServiceRegistration<Condition> registration = serving;
    serving = null;
    if (registration != null) {
      unregister(registration);
    }
  }

  private static void unregister(ServiceRegistration<Condition> registration) {
    try {
      registration.unregister();
    } catch (IllegalStateException e) {
      LOG.debug("the bundle is stopping and has unregistered it already", e);
    }
  }

  /** Ends what is under way. */
  @Deactivate
  void stop() {
    events.close();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    application.handle(request, response);
  }

  @Override
  public void handleEvent(Event event) {
    Map<String, Object> properties = new HashMap<>();
    for (String name : event.getPropertyNames()) {
      Object value = event.getProperty(name);
      if (value != null && !name.startsWith("event.")) {
        properties.put(name, value);
      }
    }
    events.publish(event.getTopic().substring(Events.PREFIX.length()), properties);
  }
}
