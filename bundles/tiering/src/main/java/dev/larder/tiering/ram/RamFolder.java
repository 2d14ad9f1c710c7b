package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the RAM cache: {@code blobs/DIGEST}, {@code active/NAME:TAG}, {@code tmp/} and a
 * lock file, which also marks the folder as Larder's own. What a crashed gateway has left is
 * removed when it is opened. Nobody but its owner may write into it.
 */
final class RamFolder implements Closeable {

  static final String LOCK = ".larder-ram";
  private static final String BLOBS = "blobs";

  private static final Set<PosixFilePermission> FOLDER_MODE =
      PosixFilePermissions.fromString("rwxr-x---");
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("r--r-----");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final @Nullable GroupPrincipal group;
  private final FileChannel lockChannel;
  private final FileStore store;
  private final AtomicLong temporaries = new AtomicLong();

  private RamFolder(Path root, @Nullable GroupPrincipal group, FileChannel lockChannel)
      throws IOException {
    this.root = root;
    this.group = group;
    this.lockChannel = lockChannel;
    this.store = Files.getFileStore(root);
  }

  /**
   * Makes or takes over the folder.
   *
   * @throws LarderException {@code LOCKED} if another gateway has it; {@code INVALID_ARGUMENT} if
   *     it is a link, someone else's, or holds other things
   */
  static RamFolder open(Path folder, Optional<String> groupName) throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    try {
      GroupPrincipal group = groupName.isPresent() ? group(root, groupName.get()) : null;
      prepare(root);
      FileChannel lock = lock(root);
      try {
        RamFolder opened = new RamFolder(root, group, lock);
        opened.share(root, FOLDER_MODE);
        opened.clear();
        for (Path part : opened.parts()) {
          opened.makeFolder(part);
        }
        return opened;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "the RAM cache's folder " + root + " cannot be used: " + e,
          "choose another with $LARDER_RAM",
          e);
    } catch (UnsupportedOperationException e) {
      throw refuse(root, "is on a file system without POSIX permissions", e);
    }
  }

  private static GroupPrincipal group(Path root, String name) throws IOException {
    try {
      return root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no group '" + name + "' for the RAM cache",
          "set $LARDER_RAM_GROUP to a group of the gateway's user",
          e);
    }
  }

  private static void prepare(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(root.getParent() == null ? root : root.getParent());
      Files.createDirectory(root, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
      return;
    }
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw refuse(root, "is not a folder but a link or a file", null);
    }
    Object owner = Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(ownUid())) {
      throw refuse(root, "belongs to " + Files.getOwner(root) + ", not to this user", null);
    }
    try (Stream<Path> content = Files.list(root)) {
      boolean ours = Files.isRegularFile(root.resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
      if (!ours && content.findAny().isPresent()) {
        throw refuse(root, "holds other things than a RAM cache", null);
      }
    }
  }

  /** The user that this process writes files as. */
  private static Object ownUid() throws IOException {
    Path probe = Files.createTempFile("larder", ".uid");
    try {
      return Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
  }

  private static LarderException refuse(Path root, String why, @Nullable Throwable cause) {
    return new LarderException(
        ErrorCode.INVALID_ARGUMENT,
        "the RAM cache's folder " + root + " " + why,
        "choose another with $LARDER_RAM, or remove it",
        cause);
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(
            root.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PRIVATE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // this very process has it
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new LarderException(
          ErrorCode.LOCKED,
          "another gateway uses the RAM cache's folder " + root,
          "stop it, or choose another folder with $LARDER_RAM");
    }
    return channel;
  }

  private Path[] parts() {
    return new Path[] {active(), blobs(), temporaries()}; // links first: none may dangle
  }

  private void clear() throws IOException {
    for (Path part : parts()) {
      deleteTree(part);
    }
  }

  private static void deleteTree(Path tree) throws IOException {
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

  Path root() {
    return root;
  }

  Path active() {
    return root.resolve("active");
  }

  Path blobs() {
    return root.resolve(BLOBS);
  }

  Path temporaries() {
    return root.resolve("tmp");
  }

  Path blob(Digest digest) {
    return blobs().resolve(digest.toString());
  }

  /** The file of an artifact as seen from the root. */
  static String fromRoot(Digest digest) {
    return BLOBS + "/" + digest;
  }

  /** Bytes of the file system, whoever uses them. */
  long totalBytes() throws IOException {
    return store.getTotalSpace();
  }

  /** Bytes that are free on it now. */
  long usableBytes() throws IOException {
    return store.getUsableSpace();
  }

  /** Starts a file that nobody else sees yet. */
  RamFile create(Digest digest, long size) throws IOException {
    Path path = temporaries().resolve(temporaries.getAndIncrement() + "-" + digest);
    FileChannel channel =
        FileChannel.open(
            path,
            EnumSet.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PRIVATE);
    return new RamFile(digest, size, path, channel);
  }

  /** Makes a finished file visible under its digest, read-only. */
  void publish(RamFile file) throws IOException {
    file.channel().close();
    share(file.path(), FILE_MODE);
    Files.move(file.path(), blob(file.digest()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Throws an unfinished file away. */
  void abandon(RamFile file) throws IOException {
    try {
      file.channel().close();
    } finally {
      Files.deleteIfExists(file.path());
    }
  }

  /** Takes a file out of sight, which is quick whatever its size; {@link #delete} frees it. */
  Path hide(Digest digest) throws IOException {
    Path hidden = temporaries().resolve("evicted-" + temporaries.getAndIncrement());
    try {
      Files.move(blob(digest), hidden, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return hidden; // somebody has deleted it already
    }
    return hidden;
  }

  /** Frees the memory of a hidden file, once nobody maps it any more. */
  void delete(Path hidden) throws IOException {
    Files.deleteIfExists(hidden);
  }

  /** Makes folders below {@code active/}, each in the one before. */
  void makeActive(List<String> names) throws IOException {
    Path path = active();
    for (String name : names) {
      path = path.resolve(name);
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        makeFolder(path);
      }
    }
  }

  private void makeFolder(Path path) throws IOException {
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
    share(path, FOLDER_MODE);
  }

  private void share(Path path, Set<PosixFilePermission> mode) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      throw new UnsupportedOperationException();
    }
    if (group != null) {
      view.setGroup(group);
    }
    Files.setPosixFilePermissions(path, mode); // the folder is ours alone: no link can be put here
  }

  /** Empties the folder and lets go of it. */
  @Override
  public void close() throws IOException {
    try {
      clear();
    } finally {
      lockChannel.close();
    }
  }
}
