package dev.larder.media.folder;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a file, mapped for the time of one read. A mapping that lives on would count as
 * resident memory, and would keep the room of a file that is deleted.
 *
 * <p>Java unmaps when the garbage collector comes round. To do it at once takes a method of the JDK
 * that is not part of Java SE; it is looked up by name, and without it the collector does it.
 */
final class Mapping implements Closeable {

  private final FileChannel file;
  private final long end;
  private final MappedByteBuffer bytes;

  private Mapping(FileChannel file, long end, MappedByteBuffer bytes) {
    this.file = file;
    this.end = end;
    this.bytes = bytes;
  }

  /**
   * Maps a stretch that is inside the file now.
   *
   * @throws IOException also if the file ends before
   */
  static Mapping of(FileChannel file, long position, int length) throws IOException {
    MappedByteBuffer bytes = file.map(MapMode.READ_ONLY, position, length);
    return new Mapping(file, position + length, bytes);
  }

  /**
   * Copies all of it.
   *
   * <p>Where the file was cut since, or the medium cannot give the bytes, the kernel sends SIGBUS.
   * The JVM makes an {@link InternalError} of it, but throws that late: when the thread next comes
   * back from a native method. Asking for the size is one, so it is thrown here and not in somebody
   * else's code.
   *
   * @throws IOException in such a case; what is in the target then is not the file's
   */
  void copyTo(ByteBuffer target) throws IOException {
    try {
      target.put(bytes);
      if (file.size() >= end) {
        return;
      }
    } catch (InternalError e) {
      throw new IOException("a mapped file was cut, or its medium cannot be read", e);
    }
    throw new IOException("a mapped file was cut");
  }

  @Override
  public void close() {
    Unmapper.INSTANCE.unmap(bytes);
  }

  /** Unmaps where the JDK can. */
  private static final class Unmapper {
    static final Unmapper INSTANCE = new Unmapper();

    private @Nullable Object unsafe;
    private @Nullable Method cleaner;

    Unmapper() {
      try {
        Class<?> type =
            Class.forName("sun.misc.Unsafe", true, ClassLoader.getPlatformClassLoader());
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafe = field.get(null);
        cleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException | RuntimeException e) {
        cleaner = null; // then the garbage collector does it
      }
    }

    void unmap(MappedByteBuffer bytes) {
      Method method = cleaner;
      if (method == null) {
        return;
      }
      try {
        method.invoke(unsafe, bytes);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("a mapping cannot be ended", e);
      }
    }
  }
}
