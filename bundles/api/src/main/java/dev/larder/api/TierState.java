package dev.larder.api;

/** Whether a tier can be used. */
public enum TierState {
  /** Its volume is being opened or recovered. */
  OPENING,
  /** Reads and writes. */
  READY,
  /** Reads only: the medium refuses writes. */
  READ_ONLY,
  /** Its medium, or the driver for it, is not there; comes back by itself. */
  ABSENT,
  /** It is there and cannot be used; health says why. */
  FAILED,
  /** Another gateway wrote its volume, and it is not imported yet; nobody uses it. */
  FOREIGN,
  /** Being emptied for removal. */
  DRAINING
}
