package dev.larder.api;

/** Where a swap found its artifact. */
public enum SwapLevel {
  /** Already whole in the RAM cache. */
  RAM,
  /** On a tier with role cache. */
  CACHE,
  /** On a storage tier. */
  STORAGE
}
