package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.Statistics.EvictionCause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes artifacts out, in two steps. The first is quick: out of the books, links removed, file
 * renamed away; from then on the artifact can be loaded anew. The second frees the memory, which
 * takes a while for gigabytes, with no lock.
 */
final class Evictor {

  private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

  private final RamFolder folder;
  private final ActiveLinks links;
  private final Residency residency;
  private final EvictionListener listener;
  private final ReentrantLock folderLock;
  private final AtomicLong stuckBytes = new AtomicLong();

  Evictor(
      RamFolder folder,
      ActiveLinks links,
      Residency residency,
      EvictionListener listener,
      ReentrantLock folderLock) {
    this.folder = folder;
    this.links = links;
    this.residency = residency;
    this.listener = listener;
    this.folderLock = folderLock;
  }

  /**
   * An artifact that is out of sight.
   *
   * @param hidden its file; null if it could not be renamed
   */
  record Detached(Resident resident, @Nullable Path hidden, EvictionCause cause) {}

  /** The first step; null if the artifact is not there or in use. */
  @Nullable Detached detach(Digest digest, EvictionCause cause) {
    folderLock.lock();
    try {
      Resident resident = folder.isOpen() ? residency.detach(digest, cause) : null;
      if (resident == null) {
        return null;
      }
      try {
        links.removeAll(digest);
        return new Detached(resident, folder.hide(digest), cause);
      } catch (IOException e) {
        LOG.error("cannot remove {} from the RAM cache at {}", digest, folder.root(), e);
        return new Detached(resident, null, cause);
      }
    } finally {
      folderLock.unlock();
    }
  }

  /** The second step. */
  void free(Detached detached) {
    Resident resident = detached.resident();
    boolean gone = false;
    if (detached.hidden() != null) {
      try {
        folder.delete(detached.hidden());
        gone = true;
      } catch (IOException e) {
        LOG.error("cannot delete {} from the RAM cache", detached.hidden(), e);
      }
    }
    if (!gone) {
      stuckBytes.addAndGet(resident.size);
    }
    residency.freed(resident, gone);
    listener.evicted(resident.digest, resident.size, detached.cause());
  }

  /** Both steps; false if the artifact is not there or in use. */
  boolean evict(Digest digest, EvictionCause cause) {
    Detached detached = detach(digest, cause);
    if (detached == null) {
      return false;
    }
    free(detached);
    return true;
  }

  /** Takes out what turned out to be damaged; false if it is not there any more. */
  boolean drop(Resident damaged) {
    Detached detached = null;
    folderLock.lock();
    try {
      if (residency.unchecked(damaged.digest) == damaged) { // no other comes in meanwhile
        detached = detach(damaged.digest, EvictionCause.DELETED);
      }
    } finally {
      folderLock.unlock();
    }
    if (detached != null) {
      free(detached);
    }
    return detached != null;
  }

  /** Bytes of files that could not be removed. */
  long stuckBytes() {
    return stuckBytes.get();
  }
}
