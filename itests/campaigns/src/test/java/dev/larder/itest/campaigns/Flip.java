package dev.larder.itest.campaigns;

import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * One bit of one file.
 *
 * @param file relative to the folder that it was looked for in
 * @param at offset of its byte
 * @param bit 0 to 7
 */
record Flip(Path file, long at, int bit) {

  private static final int EDGE = 4096;

  /** Which files, and where in them. */
  enum Where {
    /** Any byte of packs, superblocks and catalog, each as likely as the others. */
    ANYWHERE(path -> isPack(path) || isSuperblock(path) || isCatalog(path), false),
    /** The copies of the superblocks. */
    SUPERBLOCK(Flip::isSuperblock, false),
    /** First and last pages of packs: headers, first and last commits, footers. */
    PACK_EDGE(Flip::isPack, true),
    /** The catalog. */
    CATALOG(Flip::isCatalog, false);

    private final Predicate<String> files;
    private final boolean edge;

    Where(Predicate<String> files, boolean edge) {
      this.files = files;
      this.edge = edge;
    }
  }

  private static boolean isPack(String path) {
    return path.endsWith(".lpk");
  }

  private static boolean isSuperblock(String path) {
    return path.contains("/superblock.");
  }

  private static boolean isCatalog(String path) {
    return path.contains("/catalog/");
  }

  /** Chooses one. */
  static Flip choose(Path folder, Where where, SplittableRandom random) throws IOException {
    List<Path> files =
        Trees.files(folder).stream()
            .filter(file -> where.files.test("/" + folder.relativize(file)))
            .toList();
    long total = 0;
    for (Path file : files) {
      total += length(file, where);
    }
    long chosen = random.nextLong(total);
    for (Path file : files) {
      long length = length(file, where);
      if (chosen < length) {
        long size = Files.size(file);
        long at = where.edge && chosen >= EDGE ? size - (length - chosen) : chosen;
        return new Flip(folder.relativize(file), at, random.nextInt(8));
      }
      chosen -= length;
    }
    throw new IllegalStateException("nothing to flip in " + folder);
  }

  private static long length(Path file, Where where) throws IOException {
    long size = Files.size(file);
    return where.edge ? Math.min(size, 2 * EDGE) : size;
  }

  /** Flips it. */
  void apply(Path folder) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ (1 << bit));
    }
  }
}
