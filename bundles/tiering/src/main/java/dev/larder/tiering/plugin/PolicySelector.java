package dev.larder.tiering.plugin;

import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.tiering.plugin.PluginRegistry.Handle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one policy that decides, out of those that are installed: the one that is configured, or the
 * built-in one whenever that is missing or has been withdrawn because it misbehaved. A withdrawn
 * policy is used again when it comes anew (its bundle is restarted or updated).
 *
 * <p>Any thread. {@link #lease} takes no lock.
 *
 * @param <P> the policy
 */
public final class PolicySelector<P> {

  /** What {@link PolicyInfo#bundle} says of the fallback. */
  public static final String BUILT_IN = "built-in";

  private static final Logger LOG = LoggerFactory.getLogger(PolicySelector.class);

  private final PolicyInfo.Service service;
  private final PluginRegistry<P> registry;
  private final String fallbackName;
  private final P fallback;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Object announcing = new Object();
  private String announced; // under announcing
  private volatile String configured;
  private volatile boolean optional;
  private volatile @Nullable Withdrawal withdrawal;

  /** Why a registration is not used any more. */
  private record Withdrawal(String name, String bundle, long sequence, String reason) {}

  /**
   * A selector.
   *
   * @param service what it decides
   * @param registry the policies that are installed
   * @param fallbackName name of the built-in one, which no plug-in should have
   * @param fallback the built-in one; never misbehaves
   * @param configured name of the one to use; need not be there
   */
  public PolicySelector(
      PolicyInfo.Service service,
      PluginRegistry<P> registry,
      String fallbackName,
      P fallback,
      String configured) {
    this.service = service;
    this.registry = registry;
    this.fallbackName = fallbackName;
    this.fallback = fallback;
    this.configured = configured;
    this.announced = active();
    registry.listen((change, plugin) -> announce());
  }

  /**
   * Lets a policy decide wherever it is installed, as long as none is chosen: that it is not there
   * is no finding.
   */
  public PolicySelector<P> preferring(String name) {
    configure(name);
    optional = true;
    return this;
  }

  /** What it decides. */
  public PolicyInfo.Service service() {
    return service;
  }

  /** Name of the one to use when it is there. */
  public String configured() {
    return configured;
  }

  /** Sets the one to use, also when it is not there yet. */
  public void configure(String name) {
    optional = false;
    configured = name;
    announce();
  }

  /**
   * Lets a policy that is there decide from now on. A withdrawn one gets another chance.
   *
   * @throws LarderException {@code NOT_FOUND} if none has that name
   */
  public PolicyInfo use(String name) throws LarderException {
    Optional<PolicyInfo> known =
        policies().stream().filter(policy -> policy.name().equals(name)).findFirst();
    if (known.isEmpty()) {
      throw new LarderException(
          ErrorCode.NOT_FOUND,
          "no policy named '" + name + "' decides on " + service,
          "see 'larder policy ls'");
    }
    Withdrawal current = withdrawal;
    if (current != null && current.name().equals(name)) {
      withdrawal = null;
    }
    configure(name);
    return new PolicyInfo(service, name, known.get().bundle(), active().equals(name));
  }

  /** Leases the policy that decides now. */
  public PolicyLease<P> lease() {
    return lease(configured);
  }

  /** Leases a policy by its name; the built-in one if it is not there or was withdrawn. */
  public PolicyLease<P> lease(String name) {
    Optional<PluginLease<P>> lease = registry.lease(name);
    if (lease.isPresent() && isWithdrawn(lease.get())) {
      lease.get().close();
      lease = Optional.empty();
    }
    return new PolicyLease<>(this, lease.orElse(null));
  }

  /** The built-in one, for the call in which another one has just failed. */
  public PolicyLease<P> fallback() {
    return new PolicyLease<>(this, null);
  }

  P fallbackPolicy() {
    return fallback;
  }

  String fallbackName() {
    return fallbackName;
  }

  /** Name of the policy that decides now. */
  public String active() {
    try (PolicyLease<P> lease = lease()) {
      return lease.name();
    }
  }

  /** Number of the registration of the policy that decides now; 0 for the built-in one. */
  public long generation() {
    try (PolicyLease<P> lease = lease()) {
      return lease.sequence();
    }
  }

  /** All that are installed, and the built-in one. */
  public List<PolicyInfo> policies() {
    List<PolicyInfo> policies = new ArrayList<>();
    String active = active();
    for (PluginInfo plugin : registry.plugins()) {
      if (plugin.current()) {
        boolean decides = plugin.name().equals(active);
        policies.add(new PolicyInfo(service, plugin.name(), plugin.bundle(), decides));
      }
    }
    policies.add(new PolicyInfo(service, fallbackName, BUILT_IN, active.equals(fallbackName)));
    return policies;
  }

  /** Tells of the name of the policy that decides, each time it is another one. */
  public Handle listen(Consumer<String> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** What is not as it should be: the configured one is missing or was withdrawn. */
  public List<HealthFinding> health() {
    List<HealthFinding> findings = new ArrayList<>(registry.health());
    String name = configured;
    if (active().equals(name) || (optional && !registry.names().contains(name))) {
      return findings;
    }
    String subject = "policy/" + name;
    Withdrawal current = withdrawal;
    if (current != null && current.name().equals(name) && registry.names().contains(name)) {
      findings.add(
          new HealthFinding(
              Severity.WARNING,
              subject,
              current.bundle()
                  + " was withdrawn: "
                  + current.reason()
                  + "; "
                  + fallbackName
                  + " decides instead",
              "update or restart its bundle, or choose another with 'larder policy use'"));
    } else {
      findings.add(
          new HealthFinding(
              Severity.WARNING,
              subject,
              "is configured but not installed; " + fallbackName + " decides instead",
              "install its bundle, or choose another with 'larder policy use'"));
    }
    return findings;
  }

  boolean isWithdrawn(PluginLease<P> lease) {
    Withdrawal current = withdrawal;
    return current != null && current.sequence() == lease.sequence();
  }

  void withdraw(PluginLease<P> lease, String reason) {
    withdrawal = new Withdrawal(lease.name(), lease.bundle(), lease.sequence(), reason);
    LOG.warn("policy {} of {} is withdrawn: {}", lease.name(), lease.bundle(), reason);
    announce();
  }

  private void announce() {
    String name;
    synchronized (announcing) {
      name = active();
      if (name.equals(announced)) {
        return;
      }
      announced = name;
    }
    listeners.forEach(listener -> listener.accept(name));
  }
}
