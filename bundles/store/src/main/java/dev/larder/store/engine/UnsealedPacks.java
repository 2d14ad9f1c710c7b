package dev.larder.store.engine;

import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.PackFile;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Formats;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.PackContents;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs that a crash has left without a footer. Each gets one before anything else is written: its
 * torn end is cut off, and what was accepted from it is forced, since it may not have been yet.
 */
final class UnsealedPacks {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealedPacks.class);

  private record Unsealed(PackContents contents, List<CommitRecord> accepted) {}

  private final Medium medium;
  private final Counters counters;
  private final PackFiles files;
  private final BlockTable table;
  private final Formats formats;
  private final long secret;
  private final List<Unsealed> packs = new ArrayList<>();

  UnsealedPacks(
      Medium medium,
      Counters counters,
      PackFiles files,
      BlockTable table,
      Formats formats,
      long secret) {
    this.medium = medium;
    this.counters = counters;
    this.files = files;
    this.table = table;
    this.formats = formats;
    this.secret = secret;
  }

  void add(PackContents contents, List<CommitRecord> accepted) {
    packs.add(new Unsealed(contents, accepted));
  }

  boolean isEmpty() {
    return packs.isEmpty();
  }

  void seal() throws IOException {
    while (!packs.isEmpty()) {
      Unsealed pack = packs.get(packs.size() - 1);
      seal(pack);
      packs.remove(packs.size() - 1);
    }
  }

  private void seal(Unsealed pack) throws IOException {
    PackContents contents = pack.contents();
    int number = contents.number();
    List<Footer.IndexedBlock> blocks = table.ofPack(number);
    if (blocks.isEmpty() && pack.accepted().isEmpty()) {
      files.delete(number);
      LOG.info("Pack {} held nothing that counts; deleted", number);
      return;
    }
    PackFile file = Uninterrupted.call(() -> medium.openPack(number, true));
    try {
      long end = cutTornEnd(file, contents);
      // A footer is taken at its word: it must not outlive a cut that loses what it speaks of.
      Uninterrupted.run(file::force);
      long size = appendFooter(file, pack, blocks, end);
      files.known(number, size);
    } finally {
      file.close();
    }
    counters.forced();
    counters.forced();
    LOG.info(
        "Pack {} recovered: {} blocks, {} commits", number, blocks.size(), pack.accepted().size());
  }

  /**
   * Cuts off what was torn; returns where the next unit begins. A last unit that is not full is
   * left as it is: where a full medium had no room for its padding, it has acknowledged bytes.
   */
  private long cutTornEnd(PackFile file, PackContents contents) throws IOException {
    long end = Layout.roundUp(contents.end(), contents.unit());
    long size = Uninterrupted.call(file::size);
    if (size > end) {
      Uninterrupted.run(() -> file.truncate(end));
    }
    return end;
  }

  private long appendFooter(
      PackFile file, Unsealed pack, List<Footer.IndexedBlock> blocks, long end) throws IOException {
    int number = pack.contents().number();
    Map<Integer, Integer> codecs = new HashMap<>(Map.of(0, 0));
    for (NumberedFormat format : pack.contents().formats()) {
      codecs.put(formats.number(format.format()), format.number());
    }
    List<Footer.IndexedBlock> own = new ArrayList<>();
    for (Footer.IndexedBlock block : blocks) {
      int codec = codecs.getOrDefault(block.form().codec(), 0);
      own.add(new Footer.IndexedBlock(block.hash(), block.offset(), block.form().withCodec(codec)));
    }
    ByteBuffer footer =
        Footer.encode(
            pack.contents().formats(), own, pack.accepted(), new PackSeal(secret, number), end);
    int length = footer.remaining();
    try {
      append(file, footer, end);
      Uninterrupted.run(file::seal);
      return end + length;
    } catch (MediumFullException e) {
      LOG.warn("No room for the footer of pack {}; it will be scanned at each opening", number);
      long left = Math.min(end, Uninterrupted.call(file::size));
      Uninterrupted.run(() -> file.truncate(left));
      Uninterrupted.run(file::force);
      return left;
    }
  }

  private void append(PackFile file, ByteBuffer bytes, long position) throws IOException {
    counters.written(bytes.remaining());
    Uninterrupted.run(() -> file.append(bytes, position));
  }
}
