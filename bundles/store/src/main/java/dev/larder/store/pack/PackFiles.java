package dev.larder.store.pack;

import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.PackFile;
import dev.larder.store.Lane;
import dev.larder.store.io.IoScheduler;
import dev.larder.store.io.MediumHungException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packs of a volume and the handles that are open on them. Handles are counted, so that none is
 * closed under a reader; those that nobody uses are kept for the next one, up to a bound. Thread-
 * safe.
 */
public final class PackFiles implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(PackFiles.class);
  private static final int MOST_OPEN = 64;

  private final Medium medium;
  private final Counters counters;
  private final IoScheduler scheduler;
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final LinkedHashMap<Integer, Handle> handles = new LinkedHashMap<>(16, 0.75f, true);

  /** Packs that are to be deleted, the oldest first. */
  private final TreeSet<Integer> condemned = new TreeSet<>();

  /** No packs yet. */
  public PackFiles(Medium medium, Counters counters, IoScheduler scheduler) {
    this.medium = medium;
    this.counters = counters;
    this.scheduler = scheduler;
  }

  private static final class Handle {
    private final PackFile file;
    private int users;

    Handle(PackFile file) {
      this.file = file;
    }
  }

  /** The right to use a pack until it is closed. */
  public final class Lease implements Closeable {
    private final int pack;
    private final Handle handle;

    private Lease(int pack, Handle handle) {
      this.pack = pack;
      this.handle = handle;
    }

    /**
     * Fills a buffer from a place; returns the bytes read, less only at the pack's end.
     *
     * @throws MediumHungException if the medium does not answer; the buffer is lost
     */
    public int read(Lane lane, ByteBuffer target, long position, Cancellation cancellation)
        throws IOException {
      retain(handle); // a read that hangs outlives this lease
      return scheduler.call(
          lane,
          cancellation,
          () -> {
            return counters.read(
                () -> Uninterrupted.call(() -> handle.file.read(target, position, cancellation)));
          },
          () -> release(handle));
    }

    /** Reads the pack for somebody who waits. */
    public PackInput.Source source() {
      return (target, position) -> read(Lane.SWAP, target, position, Cancellation.NEVER);
    }

    @Override
    public void close() {
      release(handle);
    }

    @Override
    public String toString() {
      return "pack " + pack;
    }
  }

  /** A pack is there, or has grown. */
  public synchronized void known(int pack, long size) {
    sizes.put(pack, size);
  }

  /** Bytes of a pack. */
  public synchronized long size(int pack) {
    return sizes.getOrDefault(pack, 0L);
  }

  /** The numbers of all packs. */
  public synchronized List<Integer> numbers() {
    return sizes.keySet().stream().sorted().toList();
  }

  /** How many packs. */
  public synchronized int count() {
    return sizes.size();
  }

  /** A pack that is open for appending is read through the same file. */
  public synchronized void adopt(int pack, PackFile file) {
    handles.put(pack, new Handle(file));
  }

  /**
   * Takes a pack into use.
   *
   * @throws PackGoneException if it was deleted
   */
  public synchronized Lease lease(int pack) throws IOException {
    if (!sizes.containsKey(pack)) {
      throw new PackGoneException(pack);
    }
    Handle handle = handles.get(pack);
    if (handle == null) {
      handle = new Handle(medium.openPack(pack, false));
      handles.put(pack, handle);
      closeIdle();
    }
    handle.users++;
    return new Lease(pack, handle);
  }

  private synchronized void retain(Handle handle) {
    handle.users++;
  }

  private synchronized void release(Handle handle) {
    handle.users--;
    if (handle.users == 0) {
      notifyAll();
      closeIdle();
    }
  }

  /** Keeps a file open that the append stream still needs. */
  public synchronized void pin(int pack) {
    Handle handle = handles.get(pack);
    if (handle != null) {
      handle.users++;
    }
  }

  /** The append stream no longer needs it. */
  public synchronized void unpin(int pack) {
    Handle handle = handles.get(pack);
    if (handle != null) {
      release(handle);
    }
  }

  private void closeIdle() {
    var oldestFirst = handles.entrySet().iterator();
    while (handles.size() > MOST_OPEN && oldestFirst.hasNext()) {
      Handle handle = oldestFirst.next().getValue();
      if (handle.users == 0) {
        oldestFirst.remove();
        closeQuietly(handle.file);
      }
    }
  }

  /** It was only read: nothing is lost if it cannot be closed. */
  private static void closeQuietly(PackFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("a pack was not closed", e);
    }
  }

  /**
   * Lets nobody use a pack from now on, waits until nobody does, and deletes it. Those whose
   * deletion has failed before go first: what they hold may have been ended by a record of this
   * one, and would count again without it.
   */
  public void delete(int pack) throws IOException {
    @Nullable Handle handle = retire(pack);
    if (handle != null) {
      handle.file.close();
    }
    synchronized (condemned) {
      condemned.add(pack);
      while (!condemned.isEmpty()) {
        medium.deletePack(condemned.first());
        condemned.pollFirst();
      }
    }
  }

  private synchronized @Nullable Handle retire(int pack) {
    sizes.remove(pack);
    Handle handle = handles.remove(pack);
    boolean interrupted = false;
    while (handle != null && handle.users > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // the pack must not be deleted under its readers
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return handle;
  }

  @Override
  public void close() throws IOException {
    List<Handle> open;
    synchronized (this) {
      open = new ArrayList<>(handles.values());
      handles.clear();
      sizes.clear();
    }
    IOException failure = null;
    for (Handle handle : open) {
      try {
        handle.file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
