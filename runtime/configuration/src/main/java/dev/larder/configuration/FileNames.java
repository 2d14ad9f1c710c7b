package dev.larder.configuration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of files for PIDs: readable where the PID is, valid on every file system, one to one. */
final class FileNames {
  static final String SUFFIX = ".config";

  private static final int LONGEST = 180;
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~";

  private FileNames() {}

  static String of(String pid) {
    StringBuilder name = new StringBuilder(pid.length() + SUFFIX.length());
    for (byte b : pid.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean hidden = c == '.' && name.isEmpty();
      if (PLAIN.indexOf(c) >= 0 && !hidden) {
        name.append(c);
      } else {
        name.append(String.format("%%%02x", (int) c));
      }
    }
    if (name.length() > LONGEST) {
      // "%%" comes of no encoded byte, so no other PID has this name.
      name.setLength(LONGEST - 66);
      name.append("%%").append(sha256(pid));
    }
    return name.append(SUFFIX).toString();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has SHA-256", e);
    }
  }
}
