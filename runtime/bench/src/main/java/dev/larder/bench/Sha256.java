package dev.larder.bench;

import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Digests of whole files. */
final class Sha256 {
  private static final int BUFFER = 128 << 10;

  private Sha256() {}

  static Digest of(InputStream in) throws IOException {
    MessageDigest sha256 = BlockSet.sha256();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha256.update(buffer, 0, n);
    }
    return Digest.of(sha256.digest());
  }

  static Digest of(Path file) throws CliException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    } catch (IOException e) {
      throw Corpus.unreadable(file, e);
    }
  }

  /** Fails if a file that was brought back is not what was stored. */
  static void check(Path file, Digest expected) throws CliException {
    if (!of(file).equals(expected)) {
      throw new CliException(
          "CORRUPT", file + " is not what was stored", "let nothing else write to it");
    }
  }
}
