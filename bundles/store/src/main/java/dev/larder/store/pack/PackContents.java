package dev.larder.store.pack;

import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import java.util.List;

/**
 * What was found in a pack; its blocks are in the index already.
 *
 * @param number of the pack
 * @param size of the file
 * @param unit that its forces started on
 * @param sealed whether its footer was read; else it was scanned
 * @param end behind the last whole record, if it was scanned
 * @param blocks blocks found
 * @param commits its commit records, in the order of the stream
 * @param formats its codecs
 * @param spares second copies of commit records that were found
 * @param forced what begins before this place had been forced, so it may have been acknowledged; 0
 *     if that is not known, or needs not be, since its footer was read
 * @param lost what lies before {@code forced} and makes no sense
 */
public record PackContents(
    int number,
    long size,
    int unit,
    boolean sealed,
    long end,
    int blocks,
    List<FoundCommit> commits,
    List<NumberedFormat> formats,
    List<FoundCommit> spares,
    long forced,
    List<Stretch> lost) {

  /** Bytes of a pack, from the first to the one behind the last. */
  public record Stretch(long from, long to) {}

  /** Whether the records of a commit had been forced before the volume was last left. */
  public boolean wasForced(List<FoundCommit> commit) {
    return commit.stream().allMatch(found -> found.record().place().offset() < forced);
  }

  /**
   * A commit record that was found.
   *
   * @param flags of the record's header; 0 if a footer named it
   */
  public record FoundCommit(CommitRecord record, int flags) {}
}
