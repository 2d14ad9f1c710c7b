package dev.larder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes files cold, so that a read comes from the medium. Root can drop the whole page cache;
 * others can ask the kernel to let go of files that they may read.
 */
final class PageCache {
  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

  /** How cold files can be made. */
  enum Way {
    /** The kernel's whole page cache is dropped. */
    DROPPED,
    /** The kernel was asked to let go of the files, which it may decline. */
    ADVISED,
    /** Nothing could be done. */
    WARM
  }

  private final Way way;

  /** One that makes files cold in a certain way; {@link #find} knows the best. */
  PageCache(Way way) {
    this.way = way;
  }

  /** Finds out what can be done here. */
  static PageCache find() {
    if (Files.isWritable(DROP) && Tool.works("sh", "-c", "echo 1 > " + DROP)) {
      return new PageCache(Way.DROPPED);
    }
    boolean advice = Tool.works("dd", "if=/dev/null", "iflag=nocache", "count=0");
    return new PageCache(advice ? Way.ADVISED : Way.WARM);
  }

  Way way() {
    return way;
  }

  /** Makes files and all that is in folders cold. */
  void drop(List<Path> paths) throws IOException {
    switch (way) {
      case DROPPED -> Tool.works("sh", "-c", "sync; echo 3 > " + DROP);
      case ADVISED -> {
        Tool.works("sync");
        for (Path path : paths) {
          try (Stream<Path> files = Files.walk(path)) {
            files.filter(Files::isRegularFile).forEach(PageCache::advise);
          }
        }
      }
      case WARM -> {}
    }
  }

  private static void advise(Path file) {
    Tool.works("dd", "if=" + file, "iflag=nocache", "count=0");
  }
}
