package dev.larder.spi.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One opened medium: a place for numbered packs and two copies of a superblock. Safe for use by
 * many threads; no two threads append to one pack, or write one superblock copy, at once.
 *
 * <p>All methods that do I/O may throw {@link MediumGoneException}; those that write, {@link
 * MediumFullException}.
 */
@ConsumerType
public interface Medium extends Closeable {

  /** Copies of the superblock. */
  int SUPERBLOCK_COPIES = 2;

  /** What it does and wants: as expected of such media, until it is tuned. */
  MediaProfile profile();

  /** What it is, for people, such as {@code SD UHS-I}. */
  String description();

  /** False if it refuses writes: a read-only mount, a card with its lock set. */
  boolean writable();

  /**
   * Measures it for a moment: at most about a second, at most 16 MiB written. Changes nothing; what
   * cannot be measured is 0 in what is returned: by default, all.
   *
   * @param executor for reads that are under way at once; the caller's thread works too
   */
  default Measurement probe(Executor executor, Cancellation cancellation) throws IOException {
    return Measurement.NONE;
  }

  /**
   * Tunes {@link #profile()} by what a probe has found, now or at an earlier opening. Called before
   * anything is read. Does nothing by default, as fits a medium that measures nothing.
   */
  default void tune(Measurement found) {}

  /** Room on it. */
  Capacity capacity() throws IOException;

  /** Wear and state. */
  MediumHealth health();

  /**
   * Reads one copy of the superblock.
   *
   * @param copy 0 or 1
   * @return its bytes, at most 64 KiB; empty if there is none
   */
  Optional<ByteBuffer> readSuperblock(int copy) throws IOException;

  /**
   * Replaces one copy of the superblock, atomically and durably: after a power cut there is the old
   * or the new one.
   *
   * @param copy 0 or 1
   * @param content at most 64 KiB
   */
  void replaceSuperblock(int copy, ByteBuffer content) throws IOException;

  /** The packs that are there, in no order. Files that are not Larder's are passed over. */
  List<PackEntry> packs() throws IOException;

  /**
   * Makes an empty pack whose existence is durable once it is forced.
   *
   * @param number above that of every pack that this volume ever had
   * @param expectedBytes how large it is likely to become: to be preallocated where the medium
   *     gains by it
   */
  PackFile createPack(long number, long expectedBytes) throws IOException;

  /** Opens a pack for reading, or for reading and appending. */
  PackFile openPack(long number, boolean append) throws IOException;

  /**
   * Deletes a pack and gives its room back to the medium. Durable on return. Open files on it can
   * no longer be used. One that is not there is no failure: a deletion that has failed is tried
   * again.
   */
  void deletePack(long number) throws IOException;

  /** Ends all use and frees the lock. */
  @Override
  void close() throws IOException;
}
