package dev.larder.tiering.prefetch;

import dev.larder.api.Digest;
import dev.larder.tiering.home.DurableFiles;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a predictor had learnt, kept over a restart: {@code LPRD}, version, name of the predictor,
 * digests of the artifacts that it knows by their hash, its snapshot, and CRC-32C of all before;
 * numbers are big-endian. May be lost without harm.
 */
final class PredictionFile {

  /** Bytes that a predictor may keep. */
  static final int MOST_SNAPSHOT = 1 << 20;

  /** Artifacts that are known by their hash. */
  static final int MOST_DIGESTS = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PredictionFile.class);
  private static final int MAGIC = 0x4C505244;
  private static final int VERSION = 1;
  private static final int MOST_BYTES = MOST_SNAPSHOT + (MOST_DIGESTS << 5) + (1 << 16);

  private final Path file;

  PredictionFile(Path file) {
    this.file = file;
  }

  /**
   * Its content.
   *
   * @param predictor whose it is
   * @param digests artifacts, the one that was used longest ago first
   * @param snapshot at most {@link #MOST_SNAPSHOT} bytes
   */
  record Content(String predictor, List<Digest> digests, byte[] snapshot) {

    static final Content NOTHING = new Content("", List.of(), new byte[0]);

    Content(String predictor, Collection<Digest> digests, byte[] snapshot) {
      this(predictor, List.copyOf(digests), snapshot);
    }
  }

  /** Reads it; nothing if there is none, or if it is damaged. */
  Content read() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      int body = bytes.length - Integer.BYTES;
      if (body > 0 && ByteBuffer.wrap(bytes).getInt(body) == checksum(bytes, body)) {
        return parse(new DataInputStream(new java.io.ByteArrayInputStream(bytes, 0, body)));
      }
      LOG.warn("{} is damaged; predictions start anew", file);
    } catch (NoSuchFileException e) {
      LOG.debug("no predictions are kept in {}", file);
    } catch (IOException e) {
      LOG.warn("{} cannot be read; predictions start anew", file, e);
    }
    return Content.NOTHING;
  }

  private static Content parse(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC || in.readInt() != VERSION) {
      return Content.NOTHING;
    }
    String predictor = in.readUTF();
    int count = Math.min(MOST_DIGESTS, in.readUnsignedShort());
    List<Digest> digests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      digests.add(new Digest(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
    }
    return new Content(predictor, digests, in.readAllBytes());
  }

  /** Replaces it. */
  void write(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeUTF(content.predictor());
    out.writeShort(content.digests().size());
    for (Digest digest : content.digests()) {
      out.writeLong(digest.a());
      out.writeLong(digest.b());
      out.writeLong(digest.c());
      out.writeLong(digest.d());
    }
    out.write(content.snapshot());
    out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    DurableFiles.write(file, to -> to.write(bytes.toByteArray()));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
