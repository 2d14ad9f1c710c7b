package dev.larder.itest.campaigns;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.ErrorCode;
import dev.larder.api.HistoryEntry;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.itest.gateway.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a gateway in this process was given, and what it may answer after its home was damaged. */
final class Treasure {

  private record Given(String digest, int size, List<String> history) {}

  private final Map<String, Given> given = new TreeMap<>();
  private final Set<String> deleted = new HashSet<>();

  /**
   * How a reading of everything has ended.
   *
   * @param violations what must never be
   * @param whole references that were served whole
   * @param named references whose failure names artifact and volume
   * @param lost references that were there and are not known any more
   */
  record Reading(List<String> violations, int whole, int named, List<String> lost) {}

  /** It was put, or tagged, and acknowledged. */
  void given(String reference, byte[] content) {
    String digest = Content.sha256(content);
    List<String> history = new ArrayList<>(List.of(digest));
    Given before = given.get(reference);
    if (before != null) {
      history.addAll(before.history());
    }
    given.put(reference, new Given(digest, content.length, List.copyOf(history)));
    deleted.remove(reference);
  }

  /** It was deleted. */
  void deleted(String reference) {
    given.remove(reference);
    deleted.add(reference);
  }

  Set<String> references() {
    return given.keySet();
  }

  /** Reads everything there is and everything there was. */
  Reading read(CoreRig rig) {
    List<String> violations = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    int whole = 0;
    int named = 0;
    for (Map.Entry<String, Given> entry : given.entrySet()) {
      String reference = entry.getKey();
      try {
        String digest = Content.sha256(rig.get(reference));
        if (digest.equals(entry.getValue().digest())) {
          whole++;
        } else {
          violations.add(what(reference, entry.getValue(), digest));
        }
      } catch (LarderException e) {
        if (e.code() == ErrorCode.NOT_FOUND) {
          lost.add(reference);
        } else if (isNamed(e, entry.getValue().digest())) {
          named++;
        } else {
          violations.add(reference + ": " + e.code() + " " + e.describe());
        }
      } catch (IOException | RuntimeException e) {
        violations.add(reference + ": " + e);
      }
    }
    deleted.forEach(reference -> mustBeGone(rig, reference, violations));
    list(rig, lost, violations);
    return new Reading(violations, whole, named, lost);
  }

  private static String what(String reference, Given expected, String digest) {
    return expected.history().contains(digest)
        ? reference + " leads to an artifact that it led to before"
        : reference + " gives wrong bytes";
  }

  private static boolean isNamed(LarderException e, String digest) {
    return e.code() == ErrorCode.CORRUPT && e.describe().contains(digest);
  }

  private static void mustBeGone(CoreRig rig, String reference, List<String> violations) {
    try {
      rig.get(reference);
      violations.add(reference + " was deleted and is back");
    } catch (LarderException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        violations.add("deleted " + reference + ": " + e.describe());
      }
    } catch (IOException e) {
      violations.add("deleted " + reference + ": " + e);
    }
  }

  /** Lists and histories come from the catalog. */
  private void list(CoreRig rig, List<String> lost, List<String> violations) {
    try {
      Set<String> missing = new HashSet<>(given.keySet());
      missing.removeAll(lost);
      for (ArtifactSummary row : rig.core().store().list()) {
        String reference = row.reference().toString();
        Given expected = given.get(reference);
        missing.remove(reference);
        if (expected == null) {
          violations.add("listed and not there: " + row);
        } else if (!expected.digest().equals(row.digest().toString())
            || (!row.tiers().isEmpty() && expected.size() != row.size())) {
          violations.add("listed wrongly: " + row + ", should be " + expected);
        }
      }
      missing.forEach(reference -> violations.add("not listed: " + reference));
      for (String reference : given.keySet()) {
        if (!lost.contains(reference)) {
          history(rig, reference, violations);
        }
      }
    } catch (IOException | RuntimeException e) {
      violations.add("list: " + e);
    }
  }

  private void history(CoreRig rig, String reference, List<String> violations) {
    try {
      List<String> told =
          rig.core().store().show(Reference.parse(reference)).history().stream()
              .map(HistoryEntry::digest)
              .map(Object::toString)
              .toList();
      List<String> known = given.get(reference).history();
      if (told.isEmpty() || !told.get(0).equals(known.get(0)) || !known.containsAll(told)) {
        violations.add("history of " + reference + " is " + told + ", should be " + known);
      }
    } catch (LarderException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        violations.add("show " + reference + ": " + e.describe());
      }
    }
  }
}
