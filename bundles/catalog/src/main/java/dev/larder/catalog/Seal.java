package dev.larder.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file beside the database that vouches for each byte of it: its length and the CRC32C of
 * all its content, written when it was closed in order, removed before it is opened.
 *
 * <p>H2 checks no content, and writes its file in an order that a power cut need not keep: what was
 * open when the power went, or has changed since it was closed, may open and be wrong. So a
 * database is opened only if its seal is there and matches; all others are filled anew.
 *
 * <p>Layout, big-endian: magic {@code LARDERCS}, length u64, CRC u32, CRC of all before u32.
 */
final class Seal {

  private static final Logger LOG = LoggerFactory.getLogger(Seal.class);
  private static final long MAGIC = 0x4C41524445524353L;
  private static final int BYTES = 24;
  private static final int STEP = 256 << 10;

  /** Why a database is not to be trusted. */
  enum Doubt {
    /** The gateway was killed, or lost its power. */
    NOT_CLOSED("it was not closed in order"),
    /** The medium has lost or changed bytes, or somebody has. */
    CHANGED("it has changed since it was closed"),
    /** The medium refuses to read it. */
    UNREADABLE("it cannot be read");

    private final String text;

    Doubt(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Path database;
  private final Path file;
  private final Path temporary;

  /**
   * The seal of a database.
   *
   * @param database its only file
   * @param file the seal, in the same folder
   */
  Seal(Path database, Path file) {
    this.database = database;
    this.file = file;
    this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
  }

  /**
   * Checks the seal and removes it, durably: from now on the database may be written to.
   *
   * @return why the database is not to be trusted; empty if it is, or if there is none
   */
  Optional<Doubt> open() throws IOException {
    Optional<Doubt> doubt = Files.exists(database) ? check() : Optional.empty();
    boolean removed = Files.deleteIfExists(temporary);
    removed |= Files.deleteIfExists(file);
    if (removed) {
      forceFolder();
    }
    return doubt;
  }

  private Optional<Doubt> check() {
    try {
      ByteBuffer told = ByteBuffer.wrap(Files.readAllBytes(file));
      // The seal's own CRC is part of what is compared.
      return told.equals(describe()) ? Optional.empty() : Optional.of(Doubt.CHANGED);
    } catch (NoSuchFileException e) {
      return Optional.of(Doubt.NOT_CLOSED);
    } catch (IOException e) {
      LOG.warn("the catalog cannot be read", e);
      return Optional.of(Doubt.UNREADABLE);
    }
  }

  /** Forces the database, which is closed, and vouches for what it holds. */
  void close() throws IOException {
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer content = describe();
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
  }

  /** What a seal of the database as it is now would be. */
  private ByteBuffer describe() throws IOException {
    CRC32C crc = new CRC32C();
    long length = 0;
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(STEP);
      while (channel.read(buffer) >= 0) {
        length += buffer.flip().remaining();
        crc.update(buffer);
        buffer.clear();
      }
    }
    ByteBuffer content = ByteBuffer.allocate(BYTES);
    content.putLong(MAGIC).putLong(length).putInt((int) crc.getValue());
    content.putInt(crc(content.slice(0, BYTES - Integer.BYTES)));
    return content.flip();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private void forceFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
