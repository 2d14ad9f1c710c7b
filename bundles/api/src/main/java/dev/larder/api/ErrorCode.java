package dev.larder.api;

/**
 * The stable codes of errors, as the CLI's {@code --json} and the HTTP problem documents give them.
 * New ones may be added; none is ever renamed.
 */
public enum ErrorCode {
  /** A name, size, duration or option is not of its form. */
  INVALID_ARGUMENT,
  /** No such reference, digest, tier, lease, policy or bundle. */
  NOT_FOUND,
  /** What is to be created is there already. */
  ALREADY_EXISTS,
  /** No tier may take the artifact; the message has a reason for each. */
  NO_SUITABLE_TIER,
  /** The tier has no room; nothing was stored. */
  TIER_FULL,
  /** The tier or its medium refuses writes. */
  READ_ONLY,
  /** The tier that holds it is absent. */
  TIER_ABSENT,
  /** The codec that wrote the data is not installed; readable again when it returns. */
  CODEC_MISSING,
  /** The media driver of the tier is not installed; readable again when it returns. */
  DRIVER_MISSING,
  /** Another gateway wrote the volume, and it is not imported yet. */
  NOT_IMPORTED,
  /** Stored bytes failed their check and no other replica is there. */
  CORRUPT,
  /** The load takes longer than the caller would wait; it goes on. */
  SWAP_TIMEOUT,
  /** The artifact is larger than the RAM cache's limit. */
  TOO_LARGE_FOR_RAM,
  /** Everything in the RAM cache is leased; the message names the leases. */
  RAM_FULL,
  /** It is leased, so it cannot be evicted. */
  LEASED,
  /** Another gateway holds it. */
  LOCKED,
  /** The body ended before its declared length, or its digest is another one. */
  BODY_INCOMPLETE,
  /** The token is missing or wrong. */
  UNAUTHORIZED,
  /** The medium was written by a version that this one cannot read. */
  FORMAT_UNSUPPORTED,
  /** The gateway is starting, stopping or busy; try again. */
  UNAVAILABLE,
  /** The medium or the operating system failed. */
  IO_ERROR,
  /** A defect in Larder. */
  INTERNAL
}
