package dev.larder.media.simulated;

/** What becomes of writes that were not forced when the power goes or the medium is pulled. */
public enum PowerCut {
  /** All are lost. */
  DROP,
  /** All are kept. */
  KEEP,
  /** The first ones are kept, in the order in which they were made, over all packs. */
  PREFIX,
  /**
   * Any of their sectors are kept; what is lost in between reads as zeros or as what lay there
   * before.
   */
  REORDER,
  /** The first ones are kept, and one is torn within a sector. */
  TORN
}
