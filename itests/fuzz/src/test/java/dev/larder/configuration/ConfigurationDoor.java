package dev.larder.configuration;

import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.zip.CRC32C;

/** Lets configuration files in from outside of the package. */
public final class ConfigurationDoor {

  private static final String CHECK = "# crc32c ";

  private ConfigurationDoor() {}

  /** Reads a file as it is, and once more with its checksum put right. */
  public static void read(byte[] file) {
    readAsIs(file);
    int length = file.length - CHECK.length() - 9;
    if (length > 0) {
      byte[] sealed = file.clone();
      CRC32C crc = new CRC32C();
      crc.update(file, 0, length);
      byte[] check =
          (CHECK + String.format("%08x", crc.getValue()) + "\n")
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      System.arraycopy(check, 0, sealed, length, check.length);
      readAsIs(sealed);
    }
  }

  private static void readAsIs(byte[] file) {
    Dictionary<String, Object> read;
    try {
      read = Format.read(file);
    } catch (IOException e) {
      return; // damaged: its former generation is used
    }
    FileNames.of(String.valueOf(read.get("service.pid")));
    try {
      Dictionary<String, Object> again = Format.read(Format.write(read));
      if (!Collections.list(again.keys()).containsAll(Collections.list(read.keys()))) {
        throw new AssertionError("written " + read + ", read " + again);
      }
    } catch (IOException e) {
      throw new AssertionError("what was read cannot be written: " + read, e);
    }
  }
}
