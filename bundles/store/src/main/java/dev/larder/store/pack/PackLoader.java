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
   * Loads a pack.
   *
   * @return empty if it has no valid header: it is none of this volume's, or was never forced
   */
  public Optional<PackContents> load(int number, PackInput in) throws IOException {
    PackSeal seal = new PackSeal(secret, number);
    Optional<PackHeader> header = PackHeader.decode(in.at(0, PackHeader.BYTES), seal);
    if (header.isEmpty() || !header.get().volume().equals(volume)) {
      return Optional.empty();
    }
    if (header.get().minimumReader() > Layout.FORMAT_VERSION) {
      throw new LarderException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "pack " + number + " needs a reader of format version " + header.get().minimumReader(),
          "use a newer version of Larder");
    }
    Footer.Contents footer = footer(number, in, seal);
    return Optional.of(
        footer == null
            ? new PackScanner(number, in, seal, header.get().unit(), table, formats).scan()
            : enter(number, in.size(), header.get().unit(), footer));
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
    return new PackContents(number, size, unit, true, size, entered, commits, footer.formats());
  }
}
