package dev.larder.store.pack;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Loads packs into the index: by their footer, or record by record where there is none. */
public final class PackLoader {

  private final UUID volume;
  private final long secret;
  private final BlockTable table;
  private final Formats formats;

  /** Loads the packs of one volume. */
  public PackLoader(UUID volume, long secret, BlockTable table, Formats formats) {
    this.volume = volume;
    this.secret = secret;
    this.table = table;
    this.formats = formats;
  }

  /**
   * Loads a pack. A damaged header costs nothing: footer and records prove by their checksums that
   * they belong to it.
   *
   * @param usualUnit what its forces started on if its header cannot be read
   * @param believed whether its footer is taken at its word
   * @return empty if nothing in it is this volume's, or nothing was ever forced
   */
  public Optional<PackContents> load(int number, PackInput in, int usualUnit, boolean believed)
      throws IOException {
    PackSeal seal = new PackSeal(secret, number);
    ByteBuffer start = in.at(0, PackHeader.MOST_BYTES);
    Optional<PackHeader> header = PackHeader.decode(start, seal);
    if (header.isEmpty() && PackHeader.isForeign(start, volume)) {
      return Optional.empty();
    }
    if (header.isPresent()) {
      requireReadable(header.get());
    }
    int unit = header.map(PackHeader::unit).orElse(usualUnit);
    Footer.Contents footer = footer(number, in, seal);
    if (footer != null && believed) {
      return Optional.of(enter(number, in.size(), unit, footer));
    }
    List<NumberedFormat> known = header.map(PackHeader::formats).orElse(List.of());
    PackContents scanned = new PackScanner(number, in, seal, unit, known, table, formats).scan();
    boolean something = scanned.blocks() > 0 || !scanned.commits().isEmpty();
    // A footer that is all that a cut has left shows whose pack it is: it must not be passed over,
    // and stay, and be believed when a later pack is there.
    return header.isPresent() || something || footer != null
        ? Optional.of(scanned)
        : Optional.empty();
  }

  private static void requireReadable(PackHeader header) throws LarderException {
    if (header.minimumReader() > Layout.FORMAT_VERSION) {
      throw new LarderException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "pack " + header.pack() + " needs a reader of format version " + header.minimumReader(),
          "use a newer version of Larder");
    }
  }

  private static Footer.@Nullable Contents footer(int number, PackInput in, PackSeal seal)
      throws IOException {
    long end = in.size();
    if (end < Footer.TRAILER_BYTES || end > Layout.MAX_PACK_SIZE) {
      return null;
    }
    Footer.Position position =
        Footer.position(in.at(end - Footer.TRAILER_BYTES, Footer.TRAILER_BYTES), seal, end);
    if (position == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(position.length());
    while (bytes.hasRemaining()) {
      ByteBuffer part =
          in.at(position.at() + bytes.position(), Math.min(bytes.remaining(), 64 << 10));
      if (!part.hasRemaining()) {
        return null;
      }
      bytes.put(part);
    }
    return Footer.decode(bytes.flip(), seal, position, number);
  }

  private PackContents enter(int number, long size, int unit, Footer.Contents footer)
      throws LarderException {
    Map<Integer, Integer> codecs = new HashMap<>(Map.of(0, 0));
    for (NumberedFormat format : footer.formats()) {
      codecs.put(format.number(), formats.number(format.format()));
    }
    int entered = 0;
    for (int i = 0; i < footer.blockCount(); i++) {
      Footer.IndexedBlock block = footer.block(i);
      int codec = codecs.getOrDefault(block.form().codec(), -1);
      if (codec >= 0) {
        table.put(
            block.hash(), new BlockLocation(number, block.offset(), block.form().withCodec(codec)));
        entered++;
      }
    }
    List<PackContents.FoundCommit> commits = new ArrayList<>();
    for (CommitRecord record : footer.commits()) {
      commits.add(new PackContents.FoundCommit(record, 0));
    }
    return new PackContents(
        number,
        size,
        unit,
        true,
        size,
        entered,
        commits,
        footer.formats(),
        List.of(),
        0,
        List.of());
  }
}
