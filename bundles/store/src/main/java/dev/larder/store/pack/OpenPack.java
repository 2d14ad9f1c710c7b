package dev.larder.store.pack;

import dev.larder.api.FormatId;
import dev.larder.spi.media.PackFile;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.Layout;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pack that is being written, and what its footer will need. Guarded by the stream's lock. */
final class OpenPack {

  final int number;
  final PackFile file;
  final PackSeal seal;
  final int unit;
  final List<CommitRecord> commits = new ArrayList<>();

  /** Numbers of this pack's codecs, by the volume's. */
  final Map<Integer, Integer> codecs = new HashMap<>(Map.of(0, 0));

  final List<NumberedFormat> formats = new ArrayList<>();
  long position;
  int blocks;

  /** What a force has covered; written by whoever holds the force lock. */
  volatile long durable;

  OpenPack(int number, PackFile file, PackSeal seal, int unit) {
    this.number = number;
    this.file = file;
    this.seal = seal;
    this.unit = unit;
  }

  /** Gives a codec of the volume a number in this pack. */
  NumberedFormat number(int codec, FormatId format) {
    NumberedFormat numbered = new NumberedFormat(codecs.size(), format);
    codecs.put(codec, numbered.number());
    formats.add(numbered);
    return numbered;
  }

  /** Takes back numbers whose records were cut off again. */
  void forgetFormats(int known) {
    codecs.values().removeIf(number -> number > known);
    formats.subList(known, formats.size()).clear();
  }

  int ownNumber(int codec) {
    return codecs.getOrDefault(codec, 0);
  }

  /** Estimate of what the footer will take. */
  long footerBytes() {
    return (long) blocks * Layout.FOOTER_BLOCK_BYTES + commits.size() * 400L;
  }

  /** The index's view of a block in this pack's numbers. */
  Footer.IndexedBlock own(Footer.IndexedBlock block) {
    return new Footer.IndexedBlock(
        block.hash(), block.offset(), block.form().withCodec(ownNumber(block.form().codec())));
  }
}
