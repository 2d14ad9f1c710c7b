package dev.larder.api;

/** What a tier's replicas are worth. */
public enum TierRole {
  /** Durable home. */
  STORAGE,
  /** Copies that can be evicted at any time. */
  CACHE
}
