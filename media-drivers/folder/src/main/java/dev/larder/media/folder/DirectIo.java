package dev.larder.media.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads past the page cache, where platform and file system can.
 *
 * <p>The option lives in a package of the JDK that is not part of Java SE. It is looked up by name
 * in the JDK's own class loader, so that a bundle need not import that package, and a JDK without
 * it merely reads through the page cache.
 */
final class DirectIo {

  private static final Optional<OpenOption> OPTION = find();

  private DirectIo() {}

  /**
   * Opens a file for direct reads.
   *
   * @throws IOException also where the file system has no direct I/O
   */
  static FileChannel open(Path path) throws IOException {
    OpenOption option =
        OPTION.orElseThrow(() -> new IOException("this platform has no direct I/O"));
    try {
      return FileChannel.open(path, StandardOpenOption.READ, option);
    } catch (UnsupportedOperationException e) {
      throw new IOException("this platform has no direct I/O", e);
    }
  }

  /** Whether a read may be direct. */
  static boolean aligned(ByteBuffer target, long position, int alignment) {
    return target.isDirect()
        && target.remaining() >= alignment
        && target.remaining() % alignment == 0
        && position % alignment == 0
        && target.alignmentOffset(target.position(), alignment) == 0;
  }

  private static Optional<OpenOption> find() {
    try {
      Class<?> type =
          Class.forName(
              "com.sun.nio.file.ExtendedOpenOption", true, ClassLoader.getPlatformClassLoader());
      for (Object constant : type.getEnumConstants()) {
        if (constant instanceof OpenOption option && constant.toString().equals("DIRECT")) {
          return Optional.of(option);
        }
      }
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
