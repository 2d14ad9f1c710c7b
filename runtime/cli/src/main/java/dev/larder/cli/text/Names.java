package dev.larder.cli.text;

import java.util.regex.Pattern;

/**
 * The form of references, {@code NAME:TAG}. The gateway checks it too; here it is checked before
 * anything is sent, and names are made from file names.
 */
public final class Names {
  private static final int MAX_NAME = 255;
  private static final int MAX_TAG = 128;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^A-Za-z0-9._-]");

  private Names() {}

  /**
   * Checks {@code NAME} or {@code NAME:TAG} and adds the tag {@code latest} where there is none.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static String reference(String text) {
    int colon = text.lastIndexOf(':');
    String tag = colon < 0 ? "latest" : text.substring(colon + 1);
    if (tag.length() > MAX_TAG || !TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          "invalid tag '"
              + shorten(tag)
              + "': use letters, digits, '.', '_' and '-', not starting with '.' or '-', at most "
              + MAX_TAG
              + " characters");
    }
    return name(colon < 0 ? text : text.substring(0, colon)) + ":" + tag;
  }

  /**
   * Checks a name without a tag.
   *
   * @throws IllegalArgumentException if it is not of its form
   */
  public static String name(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the name is empty: write NAME or NAME:TAG");
    }
    if (text.length() > MAX_NAME || !NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "invalid name '"
              + shorten(text)
              + "': use components of letters, digits, '.', '_' and '-' (starting with a letter or"
              + " digit) joined by '/', at most "
              + MAX_NAME
              + " characters");
    }
    return text;
  }

  /** Makes a valid name component of a file name: what is not allowed becomes {@code -}. */
  public static String componentOf(String fileName) {
    String mapped = NOT_ALLOWED.matcher(fileName).replaceAll("-");
    boolean startsWell = !mapped.isEmpty() && Character.isLetterOrDigit(mapped.charAt(0));
    return startsWell ? mapped : "x" + mapped;
  }

  /** The last component of a reference's name, which is fit for a file name. */
  public static String lastComponent(String reference) {
    String name = reference.substring(0, reference.lastIndexOf(':'));
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
