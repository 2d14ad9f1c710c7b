package dev.larder.tiering.plugin;

import org.jspecify.annotations.Nullable;

/**
 * Calls into the policy that decides, under way. If the policy misbehaves, the caller says so with
 * {@link #withdraw} and repeats its work on {@link PolicySelector#fallback()}.
 *
 * @param <P> the policy
 */
public final class PolicyLease<P> implements AutoCloseable {

  private final PolicySelector<P> selector;
  private final @Nullable PluginLease<P> lease; // null for the built-in one

  PolicyLease(PolicySelector<P> selector, @Nullable PluginLease<P> lease) {
    this.selector = selector;
    this.lease = lease;
  }

  /** The policy. */
  public P policy() {
    return lease == null ? selector.fallbackPolicy() : lease.service();
  }

  /** Its name. */
  public String name() {
    return lease == null ? selector.fallbackName() : lease.name();
  }

  /** Whether it is the built-in one, which is trusted. */
  public boolean builtIn() {
    return lease == null;
  }

  /** Number of its registration; 0 for the built-in one. */
  public long sequence() {
    return lease == null ? 0 : lease.sequence();
  }

  /**
   * Lets the built-in one decide instead, until this policy comes anew.
   *
   * @param reason what it did, one line, for health and log
   */
  public void withdraw(String reason) {
    if (lease != null) {
      selector.withdraw(lease, reason);
    }
  }

  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
  }
}
