package dev.larder.api;

import java.util.regex.Pattern;

/**
 * What a plug-in writes on a medium: a name that is unique in the world and the version of its
 * format.
 *
 * @param name reverse-DNS name, such as {@code dev.larder.codec.zstd}; at most 128 characters of
 *     {@code [A-Za-z0-9._-]}
 * @param version of the format, not of the bundle; from 1 to 65,535
 */
public record FormatId(String name, int version) {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9][A-Za-z0-9_-]*)*+");

  /** Checks both parts. */
  public FormatId {
    if (name.length() > 128 || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("invalid format name: " + name);
    }
    if (version < 1 || version > 0xFFFF) {
      throw new IllegalArgumentException(
          "format version " + version + " of " + name + " is not in 1..65535");
    }
  }

  /** {@code name/version}. */
  @Override
  public String toString() {
    return name + "/" + version;
  }
}
