package dev.larder.api;

import java.util.regex.Pattern;

/**
 * A mutable name for an artifact, {@code NAME:TAG}.
 *
 * @param name components {@code [A-Za-z0-9][A-Za-z0-9._-]*} joined by {@code /}, at most 255
 *     characters
 * @param tag {@code [A-Za-z0-9_][A-Za-z0-9._-]*}, at most 128 characters
 */
public record Reference(String name, String tag) implements Comparable<Reference> {

  /** The tag of a reference that names none. */
  public static final String DEFAULT_TAG = "latest";

  private static final int MAX_NAME = 255;
  private static final int MAX_TAG = 128;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^A-Za-z0-9._-]");

  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException if one is not of its form
   */
  public Reference {
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "invalid name '"
              + shorten(name)
              + "': use components of letters, digits, '.', '_' and '-' (starting with a letter"
              + " or digit) joined by '/', at most "
              + MAX_NAME
              + " characters");
    }
    if (tag.length() > MAX_TAG || !TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          "invalid tag '"
              + shorten(tag)
              + "': use letters, digits, '.', '_' and '-', not starting with '.' or '-', at most "
              + MAX_TAG
              + " characters");
    }
  }

  /**
   * Reads {@code NAME} or {@code NAME:TAG}.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static Reference parse(String text) {
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? new Reference(text, DEFAULT_TAG)
        : new Reference(text.substring(0, colon), text.substring(colon + 1));
  }

  /** Makes a valid name component of a file name: what is not allowed becomes {@code -}. */
  public static String componentOf(String fileName) {
    String mapped = NOT_ALLOWED.matcher(fileName).replaceAll("-");
    boolean startsWell = !mapped.isEmpty() && Character.isLetterOrDigit(mapped.charAt(0));
    return startsWell ? mapped : "x" + mapped;
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  @Override
  public int compareTo(Reference other) {
    int order = name.compareTo(other.name);
    return order != 0 ? order : tag.compareTo(other.tag);
  }

  /** {@code NAME:TAG}. */
  @Override
  public String toString() {
    return name + ":" + tag;
  }
}
