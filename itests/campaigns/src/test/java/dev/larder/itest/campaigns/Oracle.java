package dev.larder.itest.campaigns;

import static dev.larder.itest.campaigns.Operation.NONE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What each reference may be, by what was asked for and acknowledged. It knows nothing but the
 * lines of an acknowledgement log; the same lines give the same oracle. One thread at a time.
 *
 * <p>The operations on one reference come one after the other, so while one is under way the
 * reference is what it was or what was asked for, and nothing else.
 */
final class Oracle {

  /** What it may be; a reference that was never named is not in here. */
  private final Map<String, Set<String>> possible = new TreeMap<>();

  private final Map<Long, Operation> underWay = new HashMap<>();
  private long acknowledged;
  private long inDoubt;

  /** What a log says. */
  static Oracle replay(Path log) throws IOException {
    Oracle oracle = new Oracle();
    try (Stream<String> lines = Files.lines(log)) {
      lines.forEach(oracle::accept);
    }
    return oracle;
  }

  /** Takes up one line of the log. */
  void accept(String line) {
    String[] words = line.split("\t", -1);
    switch (words[0]) {
      case AckLog.INTENT -> begin(Operation.parse(new String[] {words[1], words[2], words[3]}));
      case AckLog.ACKNOWLEDGED -> acknowledge(Long.parseLong(words[1]));
      case AckLog.REFUSED -> refuse(Long.parseLong(words[1]));
      case AckLog.OBSERVED -> possible.put(words[1], Set.of(words[2]));
      case AckLog.CUT -> underWay.clear(); // those under way stay in doubt
      default -> throw new IllegalArgumentException("not a line of a log: " + line);
    }
  }

  private void begin(Operation operation) {
    underWay.put(operation.number(), operation);
    operation.targets().forEach((reference, digest) -> may(reference).add(digest));
    inDoubt++;
  }

  private Set<String> may(String reference) {
    Set<String> may = new TreeSet<>(possible.getOrDefault(reference, Set.of(NONE)));
    possible.put(reference, may);
    return may;
  }

  private void acknowledge(long number) {
    Operation operation = underWay.remove(number);
    operation.targets().forEach((reference, digest) -> possible.put(reference, Set.of(digest)));
    acknowledged++;
    inDoubt--;
  }

  private void refuse(long number) {
    // A refusal promises that nothing has changed.
    Operation operation = underWay.remove(number);
    operation
        .targets()
        .forEach(
            (reference, digest) -> {
              if (possible.get(reference).size() == 2) {
                may(reference).remove(digest);
              }
            });
    inDoubt--;
  }

  /** References that it has heard of. */
  Set<String> references() {
    return possible.keySet();
  }

  /** Whether a reference may be what it was seen to be. */
  boolean allows(String reference, String digest) {
    return possible.getOrDefault(reference, Set.of(NONE)).contains(digest);
  }

  /** What a reference may be, for messages. */
  Set<String> possible(String reference) {
    return possible.getOrDefault(reference, Set.of(NONE));
  }

  /** References that may be more than one thing. */
  List<String> doubtful() {
    List<String> doubtful = new ArrayList<>();
    possible.forEach(
        (reference, may) -> {
          if (may.size() > 1) {
            doubtful.add(reference);
          }
        });
    return doubtful;
  }

  /** Operations that were acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /** Operations of which it was never said how they ended. */
  long inDoubt() {
    return inDoubt;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Oracle oracle && oracle.possible.equals(possible);
  }

  @Override
  public int hashCode() {
    return possible.hashCode();
  }

  @Override
  public String toString() {
    return possible.toString();
  }
}
