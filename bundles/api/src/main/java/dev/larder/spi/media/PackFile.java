package dev.larder.spi.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One pack. Many threads may read while one appends, and one more may force meanwhile. Nothing else
 * that changes the pack runs beside an append or a force: sealing and truncating have it alone.
 *
 * <p>Reading: where position, the buffer's remaining length and its address are multiples of the
 * profile's alignment, the medium may use direct I/O; else it reads in another way.
 */
@ConsumerType
public interface PackFile extends Closeable {

  /** Bytes that can be read. */
  long size() throws IOException;

  /**
   * Reads into the buffer until it is full or the pack ends.
   *
   * @return bytes read; less than asked only at the end of the pack; 0 there
   */
  int read(ByteBuffer target, long position, Cancellation cancellation) throws IOException;

  /**
   * Writes all of the buffer at the end.
   *
   * @param position where the end is: a check against two writers. May be further on: what is
   *     between reads as zeros, and the sector that has the end is not written again for it
   */
  void append(ByteBuffer source, long position) throws IOException;

  /**
   * Puts all that was appended before the call beyond a power cut, as far as {@link
   * MediaProfile#forceBelieved()} goes. What is appended during the call may be covered or not.
   */
  void force() throws IOException;

  /**
   * Nothing more will be appended: forces, gives back room that was preallocated and not used, and
   * may make the pack read-only.
   */
  void seal() throws IOException;

  /** Cuts off what is behind a length: the torn end after a crash. Durable on return. */
  void truncate(long size) throws IOException;
}
