package dev.larder.media.folder;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.media.folder.SteadyFile.Mode;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A volume in a folder of a mounted file system: {@code superblock.0}, {@code superblock.1}, packs
 * {@code pack-NUMBER.lpk} (sixteen hexadecimal digits), and the empty {@code .lock}.
 *
 * <p>Option {@code direct=false} keeps all reads in the page cache; {@code mapped=true} reads
 * through mappings.
 */
public final class FolderMedium implements Medium {

  /** Option: {@code true} reads through mappings, for media that are memory. */
  public static final String MAPPED = "mapped";

  private static final int MAX_SUPERBLOCK_BYTES = 64 << 10;
  private static final int LARGEST_UNIT = 64 << 10;
  private static final int PAGE = 4096;

  /** Room that is taken ahead is no more than this part of what is free. */
  private static final int SPARE = 64;

  private final Path folder;
  private final String description;
  private final OptionalLong limit;
  private final Supplier<MediumHealth> health;
  private final FolderLock lock;
  private final FolderFailures failures;
  private final long allocationUnit;
  private final AtomicBoolean direct;
  private final boolean mapped;
  private final Set<FolderPack> open = ConcurrentHashMap.newKeySet();
  private volatile MediaProfile profile;
  private volatile boolean closed;

  private FolderMedium(
      MediumLocation location,
      Path folder,
      String description,
      MediaProfile profile,
      Supplier<MediumHealth> health,
      FolderLock lock)
      throws IOException {
    this.folder = folder;
    this.description = description;
    this.limit = location.capacity();
    this.health = health;
    this.lock = lock;
    this.failures = new FolderFailures(folder);
    this.allocationUnit = Math.max(512, Files.getFileStore(folder).getBlockSize());
    this.profile = fitted(profile, allocationUnit, Files.getFileStore(folder).type());
    this.mapped = "true".equals(location.options().get(MAPPED));
    this.direct = new AtomicBoolean(!"false".equals(location.options().get("direct")));
  }

  /**
   * Opens the volume in a folder, which is made if it is not there, and locks it.
   *
   * @param location its address is the folder's path
   * @param description of the medium, for people
   * @param profile what to expect of the medium
   * @param health asked for each {@link Medium#health()}
   * @throws LarderException {@code LOCKED}; {@code INVALID_ARGUMENT} if it is no folder; {@code
   *     READ_ONLY} if it is not there and cannot be made
   */
  public static FolderMedium open(
      MediumLocation location,
      String description,
      MediaProfile profile,
      Supplier<MediumHealth> health)
      throws IOException {
    Path folder = Path.of(location.address()).toAbsolutePath().normalize();
    Folders.make(folder);
    FolderLock lock = FolderLock.take(folder);
    boolean opened = false;
    try {
      FolderMedium medium = new FolderMedium(location, folder, description, profile, health, lock);
      if (medium.writable()) {
        medium.removeTemporaries();
      }
      opened = true;
      return medium;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /**
   * Direct I/O wants multiples of the file system's block as well. And appends go through the page
   * cache, which writes whole pages or blocks whatever the device's sectors are: a unit must be no
   * less, or bytes that were acknowledged would be written again with the next ones. A FAT's block
   * is its cluster, of which it writes only the pages that were touched.
   */
  private static MediaProfile fitted(MediaProfile profile, long block, String type) {
    long alignment = Math.max(profile.alignmentBytes(), block);
    boolean usable = Long.bitCount(alignment) == 1 && alignment <= LARGEST_UNIT;
    long written = usable && !type.contains("fat") ? Math.max(PAGE, block) : PAGE;
    return profile.withGeometry(
        usable ? (int) alignment : profile.alignmentBytes(),
        (int) Math.max(profile.sectorBytes(), written));
  }

  private void removeTemporaries() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path file : files) {
        if (PackNames.temporary(String.valueOf(file.getFileName()))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  FolderFailures failures() {
    return failures;
  }

  boolean direct() {
    return direct.get();
  }

  boolean mapped() {
    return mapped;
  }

  void refuseDirect() {
    direct.set(false);
  }

  void forget(FolderPack pack) {
    open.remove(pack);
  }

  @Override
  public MediaProfile profile() {
    return profile;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public boolean writable() {
    return lock.exclusive() && Files.isWritable(folder);
  }

  @Override
  public Measurement probe(Executor executor, Cancellation cancellation) throws IOException {
    checkOpen();
    if (!writable()) {
      return Measurement.NONE;
    }
    int alignment = profile.alignmentBytes();
    return new FolderProbe(folder, alignment, direct(), System::nanoTime, cancellation)
        .measure(executor, capacity().freeBytes());
  }

  @Override
  public void tune(Measurement found) {
    profile = profile.tuned(found);
  }

  @Override
  public Capacity capacity() throws IOException {
    checkOpen();
    try {
      checkThere();
      FileStore store = Files.getFileStore(folder);
      long allocated = allocated();
      long usable = store.getUsableSpace();
      long total = Math.min(limit.orElse(Long.MAX_VALUE), allocated + usable);
      return new Capacity(total, Math.max(0, Math.min(usable, total - allocated)), allocated);
    } catch (IOException e) {
      throw failures.reading("capacity", e);
    }
  }

  /** Whether there is so much room that some can be taken ahead of its use. */
  boolean hasRoomToSpare(long bytes) {
    try {
      return capacity().freeBytes() / SPARE >= bytes;
    } catch (IOException e) {
      return false;
    }
  }

  /** Java does not tell how many blocks a file takes: its size, rounded up to whole blocks. */
  private long allocated() throws IOException {
    long sum = 0;
    for (PackEntry pack : files()) {
      sum += roundUp(pack.size());
    }
    for (int copy = 0; copy < SUPERBLOCK_COPIES; copy++) {
      Path file = folder.resolve(PackNames.superblock(copy));
      sum += Files.exists(file) ? roundUp(Files.size(file)) : 0;
    }
    return sum;
  }

  private long roundUp(long size) {
    return (size + allocationUnit - 1) / allocationUnit * allocationUnit;
  }

  @Override
  public MediumHealth health() {
    return health.get();
  }

  @Override
  public Optional<ByteBuffer> readSuperblock(int copy) throws IOException {
    checkOpen();
    Path path = folder.resolve(PackNames.superblock(copy));
    try (SteadyFile file = new SteadyFile(path, Mode.READ)) {
      ByteBuffer content = ByteBuffer.allocate((int) Math.min(MAX_SUPERBLOCK_BYTES, file.size()));
      while (content.hasRemaining()) {
        if (file.read(content, content.position()) < 0) {
          break;
        }
      }
      return Optional.of(content.flip());
    } catch (NoSuchFileException e) {
      if (failures.vanished()) {
        throw failures.reading("reading the superblock", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failures.reading("reading the superblock", e);
    }
  }

  @Override
  public void replaceSuperblock(int copy, ByteBuffer content) throws IOException {
    checkOpen();
    checkThere();
    int length = content.remaining();
    if (length > MAX_SUPERBLOCK_BYTES) {
      throw new IllegalArgumentException("a superblock of " + length + " bytes");
    }
    Path temporary = folder.resolve(PackNames.superblockTemporary(copy));
    try {
      try (SteadyFile file = new SteadyFile(temporary, Mode.WRITE)) {
        file.setLength(0);
        file.write(content, 0);
        file.sync();
      }
      Files.move(
          temporary,
          folder.resolve(PackNames.superblock(copy)),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
    } catch (IOException e) {
      throw failures.writing("writing the superblock", length, e);
    }
  }

  @Override
  public List<PackEntry> packs() throws IOException {
    checkOpen();
    Map<Long, FolderPack> growing = new HashMap<>();
    open.stream().filter(FolderPack::appendable).forEach(pack -> growing.put(pack.number(), pack));
    List<PackEntry> packs = new ArrayList<>();
    for (PackEntry file : files()) {
      FolderPack pack = growing.get(file.number());
      packs.add(pack == null ? file : new PackEntry(file.number(), pack.size()));
    }
    return packs;
  }

  private List<PackEntry> files() throws IOException {
    List<PackEntry> packs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "pack-*.lpk")) {
      for (Path file : files) {
        OptionalLong number = PackNames.number(String.valueOf(file.getFileName()));
        OptionalLong size = number.isPresent() ? sizeOf(file) : OptionalLong.empty();
        if (size.isPresent()) {
          packs.add(new PackEntry(number.getAsLong(), size.getAsLong()));
        }
      }
      return packs;
    } catch (DirectoryIteratorException e) {
      throw failures.reading("listing packs", Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failures.reading("listing packs", e);
    }
  }

  /** Empty if it is no file, or was deleted since it was listed. */
  private static OptionalLong sizeOf(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Java cannot preallocate without writing, so the expected length is not used.
   */
  @Override
  public PackFile createPack(long number, long expectedBytes) throws IOException {
    checkOpen();
    checkThere();
    Path path = folder.resolve(PackNames.pack(number));
    try {
      Files.createFile(path);
    } catch (IOException e) {
      throw failures.writing("making " + path.getFileName(), 1, e);
    }
    return open(number, path, true, true);
  }

  @Override
  public PackFile openPack(long number, boolean append) throws IOException {
    checkOpen();
    checkThere();
    return open(number, folder.resolve(PackNames.pack(number)), append, false);
  }

  private PackFile open(long number, Path path, boolean append, boolean created)
      throws IOException {
    try {
      FolderPack pack = new FolderPack(this, number, path, append, created);
      open.add(pack);
      return pack;
    } catch (IOException e) {
      throw failures.reading("opening " + path.getFileName(), e);
    }
  }

  @Override
  public void deletePack(long number) throws IOException {
    checkOpen();
    checkThere();
    Path path = folder.resolve(PackNames.pack(number));
    try {
      // A file that is still open keeps its room.
      for (FolderPack pack : open) {
        if (pack.number() == number) {
          pack.close();
        }
      }
      delete(path);
    } catch (IOException e) {
      throw failures.reading("deleting " + path.getFileName(), e);
    }
  }

  private void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      forceFolder();
      return;
    }
    try (Remains remains = new Remains(path)) {
      Files.deleteIfExists(path);
      forceFolder();
      remains.giveBack();
    }
  }

  /** Puts the names in the folder beyond a power cut. */
  void forceFolder() throws IOException {
    Folders.force(folder);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try (lock) {
      for (FolderPack pack : open) {
        pack.close();
      }
    }
  }

  /**
   * Files are named by paths, and a path outlives its medium: an empty mount point, or another
   * medium that was mounted there, must not get what belongs to this one.
   */
  private void checkThere() throws MediumGoneException {
    if (failures.vanished()) {
      throw new MediumGoneException(
          "the medium of " + folder + " is gone", new NoSuchFileException(folder.toString()));
    }
  }

  private void checkOpen() throws LarderException {
    if (closed) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "the volume in " + folder + " is closed", "open it again");
    }
  }
}
