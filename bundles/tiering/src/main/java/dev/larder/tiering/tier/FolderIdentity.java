package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Medium;
import dev.larder.store.VolumeIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which volume is in a folder by reading its superblock and nothing else: no lock is taken
 * and nothing is written, so any folder may be asked.
 */
public final class FolderIdentity {

  /** What the names of both copies begin with; a dot and the copy's number follow. */
  public static final String SUPERBLOCK = "superblock";

  private static final Logger LOG = LoggerFactory.getLogger(FolderIdentity.class);
  private static final int MAX_BYTES = 64 << 10;

  private FolderIdentity() {}

  /** The volume in a folder; empty if there is none, or none that can be read. */
  public static Optional<VolumeIdentity> of(Path folder) {
    List<ByteBuffer> copies = new ArrayList<>();
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      read(folder.resolve(SUPERBLOCK + "." + copy)).ifPresent(copies::add);
    }
    try {
      return VolumeIdentity.read(copies);
    } catch (LarderException e) {
      LOG.debug("the volume in {} is not readable", folder, e);
      return Optional.empty();
    }
  }

  /** Whether there is any copy of a superblock, readable or not. */
  static boolean hasSuperblock(Path folder) {
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      if (Files.exists(folder.resolve(SUPERBLOCK + "." + copy))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<ByteBuffer> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(ByteBuffer.wrap(in.readNBytes(MAX_BYTES)));
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }
}
