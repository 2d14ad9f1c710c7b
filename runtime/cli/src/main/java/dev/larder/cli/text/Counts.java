package dev.larder.cli.text;

/** Numbers of things. */
public final class Counts {
  private Counts() {}

  /** {@code 1 lease}, {@code 2 leases}: for nouns whose plural ends with s. */
  public static String of(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
