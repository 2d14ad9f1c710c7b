package dev.larder.api;

import java.util.List;
import java.util.UUID;

/**
 * What an import did.
 *
 * @param tier whose volume was imported
 * @param volume its UUID
 * @param gateway the gateway that wrote it last before
 * @param artifacts that were read whole and checked against their SHA-256
 * @param bytes their bytes
 * @param blocks that were read and checked against their SHA-256, those of no artifact included
 * @param references that came under their own name, with their history
 * @param renamed those that came under another one, since theirs stands for something else here
 * @param unchanged how many stand for the same content here already
 * @param elsewhere those that were left out: their newest content is on another volume
 * @param nanos how long it took
 */
public record ImportReport(
    String tier,
    UUID volume,
    UUID gateway,
    long artifacts,
    long bytes,
    long blocks,
    List<Reference> references,
    List<Renamed> renamed,
    long unchanged,
    List<Reference> elsewhere,
    long nanos) {

  /** A reference that came under another name. */
  public record Renamed(Reference from, Reference to) {}
}
