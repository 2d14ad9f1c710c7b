package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a gateway before this one has left in {@code blobs/}, by a stop or a crash. Only
 * what looks like a file of its making is taken over: a regular file of this user that is named by
 * a digest and that nobody may write to. Everything else is removed. What is in the files is not
 * looked at: {@link Adoption} does that.
 */
final class Leftovers {

  /** Most files that are taken over; each costs memory. */
  static final int MOST = 65_536;

  private static final int WRITABLE = 0222;

  private final RamFolder folder;
  private final Map<Digest, Leftover> files = new HashMap<>();

  private Leftovers(RamFolder folder) {
    this.folder = folder;
  }

  /**
   * A file.
   *
   * @param size bytes
   * @param modified when it was written, for the order only
   */
  record Leftover(Digest digest, long size, long modified) {}

  /**
   * What is taken over within a limit in bytes, the least valuable first: what no link leads to,
   * and the older of two. What lies over the limit is removed.
   */
  static List<Leftover> takeOver(RamFolder folder, ActiveLinks links, long limit)
      throws IOException {
    Leftovers leftovers = new Leftovers(folder);
    leftovers.scan();
    links.adopt(leftovers.files::containsKey);
    return leftovers.within(limit, links);
  }

  private void scan() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.blobs())) {
      for (Path entry : entries) {
        Leftover leftover = files.size() < MOST ? look(entry) : null;
        if (leftover == null) {
          deleteTree(entry);
        } else {
          folder.seal(entry); // the group may be another one since
          files.put(leftover.digest(), leftover);
        }
      }
    }
  }

  private @Nullable Leftover look(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    Map<String, Object> found =
        Files.readAttributes(
            entry, "unix:uid,mode,size,isRegularFile,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    boolean ours =
        Digest.isDigest(name)
            && Boolean.TRUE.equals(found.get("isRegularFile"))
            && folder.owner().equals(found.get("uid"))
            && found.get("mode") instanceof Integer mode
            && (mode & WRITABLE) == 0;
    return ours && found.get("size") instanceof Long size
        ? new Leftover(
            Digest.parse(name),
            size,
            Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis())
        : null;
  }

  private List<Leftover> within(long limit, ActiveLinks links) throws IOException {
    List<Leftover> newestFirst = new ArrayList<>(files.values());
    newestFirst.sort(
        Comparator.comparing((Leftover file) -> links.anyTo(file.digest()))
            .thenComparingLong(Leftover::modified)
            .thenComparing(Leftover::digest)
            .reversed());
    List<Leftover> kept = new ArrayList<>();
    long left = limit;
    for (Leftover file : newestFirst) {
      if (file.size() <= left) {
        left -= file.size();
        kept.add(0, file);
      } else {
        links.removeAll(file.digest());
        Files.delete(folder.blob(file.digest()));
      }
    }
    return kept;
  }

  /** Deletes a file, a link or a folder with all that is in it; nothing if it is not there. */
  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
