package dev.larder.configuration;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.felix.cm.file.ConfigurationHandler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;

/**
 * The text of a configuration file: Felix's typed {@code key=T"value"} lines between a first line
 * that says who wrote it and a last line with the CRC32C of all before it, in hexadecimal.
 *
 * <p>A file without that first line was written by hand, and is taken without the check.
 */
final class Format {
  /** No real configuration comes near; what is larger is damaged. */
  static final long LARGEST = 1 << 20;

  private static final String HEADER =
      "# Written by Larder. To edit: stop the gateway, and delete this line.\n";
  private static final String CHECK = "# crc32c ";

  private Format() {}

  static byte[] write(Dictionary<String, ?> properties) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    bytes.write(ascii(HEADER));
    ConfigurationHandler.write(bytes, new Sorted(properties));
    if (bytes.size() > LARGEST - 64) {
      throw new IOException("configuration of " + bytes.size() + " bytes; the limit is " + LARGEST);
    }
    String check = CHECK + checksum(bytes.toByteArray(), bytes.size()) + "\n";
    bytes.write(ascii(check));
    return bytes.toByteArray();
  }

  static Dictionary<String, Object> read(byte[] file) throws IOException {
    int from = 0;
    int to = file.length;
    if (startsWithHeader(file)) {
      from = HEADER.length();
      to = verifiedLength(file);
    }
    ByteArrayInputStream body = new ByteArrayInputStream(file, from, to - from);
    try {
      Dictionary<?, ?> read = ConfigurationHandler.read(body);
      if (read == null) {
        throw new IOException("no properties");
      }
      if (!(read.get(Constants.SERVICE_PID) instanceof String)) {
        throw new IOException("no " + Constants.SERVICE_PID); // cut off, or not ours
      }
      Dictionary<String, Object> properties = new Hashtable<>();
      for (Enumeration<?> keys = read.keys(); keys.hasMoreElements(); ) {
        Object key = keys.nextElement();
        properties.put(requirePlain(key.toString()), read.get(key));
      }
      return properties;
    } catch (RuntimeException e) {
      throw new IOException("not a configuration", e); // the parser meets garbage in many ways
    }
  }

  /**
   * The parser takes a stray bracket and what follows for one key, which could not be read again.
   */
  private static String requirePlain(String key) throws IOException {
    if (key.chars().anyMatch(c -> c <= ' ')) {
      throw new IOException("no key of a property: '" + key + "'");
    }
    return key;
  }

  /** Also if the first line is damaged: only who deletes it is rid of the check. */
  private static boolean startsWithHeader(byte[] file) {
    String start = text(file, 0, Math.min(file.length, HEADER.length()));
    return start.contains("Written by Larder") || start.contains("delete this line");
  }

  private static int verifiedLength(byte[] file) throws IOException {
    int length = file.length - CHECK.length() - 9;
    if (length >= HEADER.length()) {
      String expected = CHECK + checksum(file, length) + "\n";
      String found = text(file, length, file.length - length);
      if (found.equals(expected)) {
        return length;
      }
    }
    throw new IOException("checksum does not match");
  }

  private static String checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return String.format("%08x", crc.getValue());
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The same properties always give the same bytes. */
  private static final class Sorted extends Dictionary<String, Object> {
    private final TreeMap<String, Object> properties = new TreeMap<>();

    Sorted(Dictionary<String, ?> source) {
      for (String key : Collections.list(source.keys())) {
        properties.put(key, source.get(key));
      }
    }

    @Override
    public int size() {
      return properties.size();
    }

    @Override
    public boolean isEmpty() {
      return properties.isEmpty();
    }

    @Override
    public Enumeration<String> keys() {
      return Collections.enumeration(properties.keySet());
    }

    @Override
    public Enumeration<Object> elements() {
      return Collections.enumeration(properties.values());
    }

    @Override
    public @Nullable Object get(Object key) {
      return properties.get(key);
    }

    @Override
    public Object put(String key, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object remove(Object key) {
      throw new UnsupportedOperationException();
    }
  }
}
