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
 */
public record PackContents(
    int number,
    long size,
    int unit,
    boolean sealed,
    long end,
    int blocks,
    List<FoundCommit> commits,
    List<NumberedFormat> formats) {

  /**
   * A commit record that was found.
   *
   * @param flags of the record's header; 0 if a footer named it
   */
  public record FoundCommit(CommitRecord record, int flags) {}
}
