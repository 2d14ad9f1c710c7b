package dev.larder.tiering.plugin;

import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins of one kind, by name. Of several with one name the highest ranking is current, the
 * newest of equals. Every call leases the generation of the plug-in that it goes to: when another
 * one takes over, new calls go there at once, while calls under way finish on the old one, which is
 * then drained.
 *
 * <p>Any thread. {@link #lease} takes no lock. Changes are serialised.
 *
 * @param <S> the service
 */
public final class PluginRegistry<S> {

  /** How long {@link #removed} waits for calls under way, if nothing else is said. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(PluginRegistry.class);

  private final String kind;
  private final Duration drain;
  private final Consumer<S> onDrained;
  private final List<PluginListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Generation<S>> leaked = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private long sequence; // under the lock

  /** Generations by name, best first; a list is never empty, neither map nor lists ever change. */
  private volatile Map<String, List<Generation<S>>> current = Map.of();

  /** A registry of plug-ins that hold no resources. */
  public PluginRegistry(String kind, Duration drain) {
    this(kind, drain, service -> {});
  }

  /**
   * A registry.
   *
   * @param kind what they are, as health findings call them: {@code codec}, {@code driver}, …
   * @param drain how long {@link #removed} waits for calls under way
   * @param onDrained frees what was pooled for a plug-in, called whenever a generation of it has no
   *     call left and gets none any more, on the thread that ended the last call; may come more
   *     than once, because a plug-in that was replaced may become current again
   */
  public PluginRegistry(String kind, Duration drain, Consumer<S> onDrained) {
    this.kind = kind;
    this.drain = drain;
    this.onDrained = onDrained;
  }

  /**
   * Publishes a plug-in. If it is better than the current one of that name, new calls go to it from
   * now on; does not wait for calls on the old one.
   *
   * @param name name it is known by
   * @param service the plug-in; known by identity
   * @param bundle symbolic name and version of its bundle
   * @param ranking its service ranking
   */
  public void added(String name, S service, String bundle, int ranking) {
    Registration<S> registration;
    synchronized (lock) {
      registration = new Registration<>(name, service, bundle, ranking, ++sequence);
      List<Registration<S>> all = registrations(name);
      all.add(registration);
      publish(name, all);
    }
    tell(PluginListener.Change.ADDED, registration);
  }

  /**
   * Withdraws a plug-in, tells the listeners, then waits for calls on it, at most for the drain
   * time; if there still are some then it counts as leaked, which {@link #health()} reports until
   * they end. Must not be called by a thread that holds a lease on it. Unknown ones are ignored.
   *
   * @return whether it is drained
   */
  public boolean removed(S service) {
    Generation<S> generation = withdraw(service);
    if (generation == null) {
      return true;
    }
    tell(PluginListener.Change.REMOVED, generation.registration());
    if (generation.awaitDrained(drain.toNanos())) {
      return true;
    }
    leaked.add(generation);
    LOG.warn(
        "{} {} of {} still has {} calls after {}",
        kind,
        generation.registration().name(),
        generation.registration().bundle(),
        generation.calls(),
        drain);
    return false;
  }

  private @Nullable Generation<S> withdraw(S service) {
    synchronized (lock) {
      for (Map.Entry<String, List<Generation<S>>> entry : current.entrySet()) {
        for (Generation<S> generation : entry.getValue()) {
          if (generation.registration().service() == service) {
            List<Registration<S>> rest = registrations(entry.getKey());
            rest.remove(generation.registration());
            publish(entry.getKey(), rest);
            generation.retire();
            return generation;
          }
        }
      }
      return null;
    }
  }

  private List<Registration<S>> registrations(String name) {
    List<Registration<S>> all = new ArrayList<>();
    current.getOrDefault(name, List.of()).forEach(g -> all.add(g.registration()));
    return all;
  }

  /**
   * Publishes the generations of one name: those that keep their place go on, others start anew.
   */
  private void publish(String name, List<Registration<S>> registrations) {
    List<Generation<S>> before = current.getOrDefault(name, List.of());
    Collections.sort(registrations);
    List<Generation<S>> after = new ArrayList<>();
    for (Registration<S> registration : registrations) {
      boolean first = after.isEmpty();
      after.add(
          before.stream()
              .filter(g -> g.registration() == registration)
              .filter(g -> first == (g == before.get(0)))
              .findFirst()
              .orElseGet(() -> new Generation<>(registration, onDrained)));
    }
    Map<String, List<Generation<S>>> next = new TreeMap<>(current);
    if (after.isEmpty()) {
      next.remove(name);
    } else {
      next.put(name, List.copyOf(after));
    }
    current = next;
    before.stream().filter(g -> !after.contains(g)).forEach(Generation::retire);
  }

  /** Leases the current plug-in of that name. */
  public Optional<PluginLease<S>> lease(String name) {
    while (true) {
      List<Generation<S>> generations = current.get(name);
      if (generations == null) {
        return Optional.empty();
      }
      Generation<S> best = generations.get(0);
      if (best.enter()) {
        return Optional.of(new PluginLease<>(best));
      }
      Thread.onSpinWait(); // retired a moment ago: its successor is published already
    }
  }

  /** Leases the best plug-in of that name that suits, also one that is not current. */
  public Optional<PluginLease<S>> lease(String name, Predicate<? super S> suits) {
    while (true) {
      Generation<S> best = null;
      for (Generation<S> generation : current.getOrDefault(name, List.of())) {
        if (suits.test(generation.registration().service())) {
          best = generation;
          break;
        }
      }
      if (best == null) {
        return Optional.empty();
      }
      if (best.enter()) {
        return Optional.of(new PluginLease<>(best));
      }
      Thread.onSpinWait();
    }
  }

  /** Names that can be leased now, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(current.keySet()));
  }

  /** All that are registered, by name, best first. */
  public List<PluginInfo> plugins() {
    List<PluginInfo> plugins = new ArrayList<>();
    for (List<Generation<S>> generations : current.values()) {
      for (int i = 0; i < generations.size(); i++) {
        plugins.add(info(generations.get(i).registration(), i == 0));
      }
    }
    return plugins;
  }

  /** Tells a listener of all changes from now on, until the handle is closed. */
  public Handle listen(PluginListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends a subscription. */
  @FunctionalInterface
  public interface Handle extends AutoCloseable {
    @Override
    void close();
  }

  /** Plug-ins that were withdrawn long ago and still have calls under way. */
  public List<HealthFinding> health() {
    leaked.removeIf(Generation::isDrained);
    List<HealthFinding> findings = new ArrayList<>();
    for (Generation<S> generation : leaked) {
      findings.add(
          new HealthFinding(
              Severity.WARNING,
              kind + "/" + generation.registration().name(),
              generation.calls()
                  + " calls have not ended since "
                  + generation.registration().bundle()
                  + " was withdrawn",
              "its classes and buffers stay in memory until they end; restart the gateway if they"
                  + " do not"));
    }
    return findings;
  }

  private void tell(PluginListener.Change change, Registration<S> registration) {
    List<Generation<S>> generations = current.getOrDefault(registration.name(), List.of());
    boolean first = !generations.isEmpty() && generations.get(0).registration() == registration;
    PluginInfo plugin = info(registration, first);
    for (PluginListener listener : listeners) {
      try {
        listener.changed(change, plugin);
      } catch (RuntimeException e) {
        LOG.error("a listener failed on {} {} {}", kind, plugin, change, e);
      }
    }
  }

  private static <S> PluginInfo info(Registration<S> registration, boolean first) {
    return new PluginInfo(
        registration.name(), registration.bundle(), registration.ranking(), first);
  }
}
