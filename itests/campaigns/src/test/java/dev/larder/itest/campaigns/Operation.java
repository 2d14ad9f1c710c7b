package dev.larder.itest.campaigns;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a client asks for that changes references.
 *
 * @param number unique in its log
 * @param what for people
 * @param targets digest that each reference is to have; {@link #NONE} for a deletion
 */
record Operation(long number, String what, Map<String, String> targets) {

  /** Stands for a reference that is not there. */
  static final String NONE = "-";

  Operation {
    targets = Map.copyOf(targets);
  }

  String line() {
    return number
        + "\t"
        + what
        + "\t"
        + new TreeMap<>(targets)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
  }

  static Operation parse(String[] words) {
    Map<String, String> targets =
        Arrays.stream(words[2].split(",", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return new Operation(Long.parseLong(words[0]), words[1], targets);
  }
}
