package dev.larder.itest.gateway;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Bytes to store, and their digests. */
public final class Content {
  private Content() {}

  /** SHA-256 of a file. */
  public static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of bytes. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** SHA-256 of a stream. */
  public static String sha256(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes without any pattern. */
  public static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** A file without any pattern. */
  public static Path randomFile(Path file, long seed, int size) {
    try {
      return Files.write(file, random(seed, size));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file like a model's weights: 16-bit floats whose exponents lie close together. */
  public static Path weights(Path file, long seed, long size) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] chunk = new byte[1 << 20];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (long left = size; left > 0; left -= chunk.length) {
        random.nextBytes(chunk);
        for (int i = 1; i < chunk.length; i += 2) {
          // sign, and an exponent that halves in frequency with each step down
          int step = Integer.numberOfTrailingZeros(chunk[i] | 0x40);
          chunk[i] = (byte) ((chunk[i] & 0x80) | (0x3D - step / 2));
        }
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
    }
    return file;
  }
}
