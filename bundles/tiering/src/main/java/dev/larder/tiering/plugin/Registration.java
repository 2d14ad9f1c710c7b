package dev.larder.tiering.plugin;

/**
 * A plug-in as it registered.
 *
 * @param sequence tells registrations apart, also of one object that comes again
 */
record Registration<S>(String name, S service, String bundle, int ranking, long sequence)
    implements Comparable<Registration<S>> {

  /** Best first: highest ranking, then newest. */
  @Override
  public int compareTo(Registration<S> other) {
    int order = Integer.compare(other.ranking, ranking);
    return order != 0 ? order : Long.compare(other.sequence, sequence);
  }
}
