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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
 * lock file, which also marks the folder as Larder's own. What is under way is in {@code tmp/},
 * which is emptied when the folder is opened and closed; the rest stays for the next gateway, see
 * {@link Leftovers}. Nobody but its owner may write into it.
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
  private final Object owner;
  private final AtomicLong temporaries = new AtomicLong();

  private RamFolder(Path root, @Nullable GroupPrincipal group, FileChannel lockChannel)
      throws IOException {
    this.root = root;
    this.group = group;
    this.lockChannel = lockChannel;
    this.store = Files.getFileStore(root);
    this.owner = ownUid();
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
        Leftovers.deleteTree(opened.temporaries());
        for (Path part : List.of(opened.active(), opened.blobs(), opened.temporaries())) {
          opened.keepOrMake(part);
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

  /** A part that the gateway before this one has left, else a new one. */
  private void keepOrMake(Path part) throws IOException {
    if (isOurs(part) && Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
      share(part, FOLDER_MODE);
    } else {
      Leftovers.deleteTree(part);
      makeFolder(part);
    }
  }

  /** Whether something is there and belongs to this user. */
  boolean isOurs(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && owner.equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }

  /** The user that this process writes files as, as {@code unix:uid} tells. */
  Object owner() {
    return owner;
  }

  /** Whether it has not been closed: after that it may be another gateway's. */
  boolean isOpen() {
    return lockChannel.isOpen();
  }

  private void requireOpen() throws LarderException {
    if (!isOpen()) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "the gateway is stopping", "try again when it has started");
    }
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

  /** Whether its bytes are memory. */
  boolean isMemory() {
    return store.type().equals("tmpfs") || store.type().equals("ramfs");
  }

  /** Bytes that are free on it now. */
  long usableBytes() throws IOException {
    return store.getUsableSpace();
  }

  /** Starts a file that nobody else sees yet. */
  RamFile create(Digest digest, long size) throws IOException {
    Path path = temporaries().resolve(temporaries.getAndIncrement() + "-" + digest);
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              EnumSet.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PRIVATE);
      return new RamFile(digest, size, path, channel);
    } catch (IOException e) {
      throw typed(e, "no file can be made for " + digest + " in " + root);
    }
  }

  /** {@code RAM_FULL} instead of what the system says when there is no room: also for a name. */
  static IOException typed(IOException e, String what) {
    String message = String.valueOf(e.getMessage());
    String reason = e instanceof FileSystemException f ? String.valueOf(f.getReason()) : message;
    boolean full =
        reason.contains("No space left")
            || reason.contains("Disk quota exceeded")
            || reason.contains("Cannot allocate memory");
    return full
        ? new LarderException(
            ErrorCode.RAM_FULL,
            "the file system of the RAM cache is full: " + what,
            "free memory there, or lower $LARDER_RAM_LIMIT",
            e)
        : e;
  }

  /** Makes a finished file visible under its digest, read-only. */
  void publish(RamFile file) throws IOException {
    file.channel().close();
    requireOpen();
    seal(file.path());
    Files.move(file.path(), blob(file.digest()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes a file read-only, for its group too. */
  void seal(Path file) throws IOException {
    share(file, FILE_MODE);
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
    requireOpen();
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

  /** Lets go of the folder. Finished files stay in it, and the links to them. */
  @Override
  public void close() throws IOException {
    if (!isOpen()) {
      return;
    }
    try {
      Leftovers.deleteTree(temporaries());
    } finally {
      lockChannel.close();
    }
  }
}
