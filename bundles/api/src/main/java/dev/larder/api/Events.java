package dev.larder.api;

/**
 * Topics and properties of the events that Larder posts to the OSGi EventAdmin. All have {@link
 * #TIME}; the others as named with each topic.
 */
public final class Events {

  /** Common prefix of all topics. */
  public static final String PREFIX = "dev/larder/";

  /** An artifact was stored: {@link #REFERENCE}, {@link #DIGEST}, {@link #SIZE}, {@link #TIER}. */
  public static final String STORED = PREFIX + "artifact/STORED";

  /** A reference changed without a put (tag, rollback): {@link #REFERENCE}, {@link #DIGEST}. */
  public static final String REFERENCE_CHANGED = PREFIX + "artifact/REFERENCE_CHANGED";

  /** A reference was deleted: {@link #REFERENCE}. */
  public static final String DELETED = PREFIX + "artifact/DELETED";

  /** An artifact moved: {@link #REFERENCE}, {@link #DIGEST}, {@link #TIER} (the new one). */
  public static final String MIGRATED = PREFIX + "artifact/MIGRATED";

  /**
   * A swap succeeded: {@link #REFERENCE}, {@link #DIGEST}, {@link #SIZE}, {@link #LEVEL}, {@link
   * #NANOS}.
   */
  public static final String SWAPPED = PREFIX + "ram/SWAPPED";

  /** An artifact left the RAM cache: {@link #DIGEST}, {@link #SIZE}. */
  public static final String EVICTED = PREFIX + "ram/EVICTED";

  /** A tier's state changed: {@link #TIER}, {@link #STATE}. */
  public static final String TIER_STATE = PREFIX + "tier/STATE";

  /** An artifact was copied to a cache tier: {@link #DIGEST}, {@link #SIZE}, {@link #TIER}. */
  public static final String CACHED = PREFIX + "tier/CACHED";

  /**
   * A copy was dropped from a cache tier to make room: {@link #DIGEST}, {@link #SIZE}, {@link
   * #TIER}.
   */
  public static final String UNCACHED = PREFIX + "tier/UNCACHED";

  /** The volume of another gateway was imported: {@link #TIER}. */
  public static final String IMPORTED = PREFIX + "tier/IMPORTED";

  /** Another policy decides: {@link #SERVICE}, {@link #NAME}. */
  public static final String POLICY_CHANGED = PREFIX + "policy/CHANGED";

  /** String, {@code NAME:TAG}. */
  public static final String REFERENCE = "reference";

  /** String, 64 hex digits. */
  public static final String DIGEST = "digest";

  /** Long, bytes. */
  public static final String SIZE = "size";

  /** String. */
  public static final String TIER = "tier";

  /** String, a {@link SwapLevel}. */
  public static final String LEVEL = "level";

  /** Long. */
  public static final String NANOS = "nanos";

  /** String, a {@link TierState}. */
  public static final String STATE = "state";

  /** String, a {@link PolicyInfo.Service}. */
  public static final String SERVICE = "service";

  /** String. */
  public static final String NAME = "name";

  /** Long, milliseconds of the wall clock, to read only. */
  public static final String TIME = "time";

  private Events() {}
}
