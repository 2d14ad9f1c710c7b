package dev.larder.itest.faults;

import dev.larder.api.Digest;
import dev.larder.store.ReferenceChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one commit is to change on a volume: all of it or nothing.
 *
 * @param adds artifacts that become replicas
 * @param points references that change
 * @param drops artifacts that are no longer here
 */
record Intent(Set<Digest> adds, List<ReferenceChange> points, Set<Digest> drops) {

  static Intent put(Set<Digest> adds, List<ReferenceChange> points) {
    return new Intent(Set.copyOf(adds), List.copyOf(points), Set.of());
  }

  static Intent point(ReferenceChange change) {
    return new Intent(Set.of(), List.of(change), Set.of());
  }

  static Intent drop(Set<Digest> drops) {
    return new Intent(Set.of(), List.of(), Set.copyOf(drops));
  }

  /** Applies it to a set of replicas. */
  void applyTo(Set<Digest> artifacts) {
    artifacts.addAll(adds);
    artifacts.removeAll(drops);
  }

  Set<Digest> touched() {
    Set<Digest> touched = new HashSet<>(adds);
    touched.addAll(drops);
    return touched;
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    adds.forEach(digest -> words.add("+" + brief(digest)));
    points.forEach(
        point ->
            words.add(
                point.reference().name()
                    + "@"
                    + point.stamp().lamport()
                    + point.target().map(digest -> "=" + brief(digest)).orElse(" gone")));
    drops.forEach(digest -> words.add("-" + brief(digest)));
    Collections.sort(words);
    return String.join(" ", words);
  }

  private static String brief(Digest digest) {
    return digest.toString().substring(0, 6);
  }
}
