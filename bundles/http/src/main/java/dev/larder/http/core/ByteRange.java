package dev.larder.http.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of bytes (RFC 9110, section 14).
 *
 * @param first first byte
 * @param length how many; 0 if the range cannot be satisfied
 */
public record ByteRange(long first, long length) {

  private static final Pattern FORM =
      Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /**
   * Reads a header. Empty if it is to be ignored: another unit, several ranges, or malformed.
   *
   * @param size of the whole
   */
  public static Optional<ByteRange> parse(String header, long size) {
    Matcher form = FORM.matcher(header);
    if (!form.matches()) {
      return Optional.empty();
    }
    String from = form.group(1);
    String to = form.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(to), size));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(to);
    if (last < first) {
      return Optional.empty();
    }
    long end = Math.min(last + 1, size);
    return Optional.of(new ByteRange(first, Math.max(0, end - first)));
  }

  private static ByteRange suffix(long wanted, long size) {
    long length = Math.min(wanted, size);
    return new ByteRange(size - length, length);
  }

  /** The header of the answer. */
  public String contentRange(long size) {
    return "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
