package dev.larder.store.pack;

import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.pack.PackContents.FoundCommit;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the records of a scanned pack together to the commits that they were written as, and leaves
 * out those of which a record is missing: at the end of the stream, or, where a cut has kept what
 * was written later, in the middle.
 */
public final class FoundGroups {

  private FoundGroups() {}

  /**
   * The whole commits, in the order of the stream; and what is left of those that had been forced,
   * of which damage has taken a record.
   */
  public static List<List<FoundCommit>> whole(PackContents contents) {
    List<List<FoundCommit>> groups = new ArrayList<>();
    for (FoundCommit record : contents.commits()) {
      List<FoundCommit> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
      if (last.isEmpty() || !joins(last.get(last.size() - 1), record)) {
        last = new ArrayList<>();
        groups.add(last);
      }
      last.add(record);
    }
    groups.removeIf(group -> !isWhole(group) && !contents.wasForced(group));
    return groups;
  }

  private static boolean joins(FoundCommit before, FoundCommit record) {
    Place place = before.record().place();
    return has(before, RecordHeader.MORE)
        && place.offset() + place.length() == record.record().place().offset();
  }

  private static boolean isWhole(List<FoundCommit> group) {
    return !has(group.get(0), RecordHeader.CONTINUES)
        && !has(group.get(group.size() - 1), RecordHeader.MORE);
  }

  private static boolean has(FoundCommit commit, int flag) {
    return (commit.flags() & flag) != 0;
  }
}
