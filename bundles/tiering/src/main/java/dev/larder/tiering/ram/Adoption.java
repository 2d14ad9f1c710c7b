package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares files that were taken over with their digest. Until then nobody is given them. Any
 * thread; two that check one file do it side by side, and the first to know has decided.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
  private static final int BUFFER = 128 << 10;

  private final RamFolder folder;
  private final Residency residency;
  private final Evictor evictor;

  Adoption(RamFolder folder, Residency residency, Evictor evictor) {
    this.folder = folder;
    this.residency = residency;
    this.evictor = evictor;
  }

  /**
   * Checks a file if that was not done yet; it is removed if it is not what its name says. Takes as
   * long as SHA-256 does: 0.7 s a gigabyte with the instructions for it, 6 s without.
   */
  void check(Digest digest, Pace pace, Cancellation cancellation) {
    Resident resident = residency.unchecked(digest);
    if (resident == null) {
      return;
    }
    String damage = "it is another content";
    try {
      if (matches(resident, pace, cancellation)) {
        residency.checked(resident);
        return;
      }
    } catch (IOException e) {
      damage = e.toString();
    }
    if (evictor.drop(resident)) { // else it was evicted meanwhile
      LOG.warn("removed {} from the RAM cache at {}: {}", digest, folder.root(), damage);
    }
  }

  /** True also if somebody else has come to an end with it meanwhile. */
  private boolean matches(Resident resident, Pace pace, Cancellation cancellation)
      throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    long left = resident.size;
    try (InputStream in =
        Files.newInputStream(folder.blob(resident.digest), LinkOption.NOFOLLOW_LINKS)) {
      for (int read = in.read(buffer); read >= 0 && left >= read; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        left -= read;
        pace.spent(read);
        cancellation.check();
        if (residency.unchecked(resident.digest) != resident) {
          return true;
        }
      }
    }
    return left == 0 && resident.digest.equals(Digest.of(sha256.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
