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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** Changes of references and drops since the last force, which get a second copy before it. */
  final List<CommitRecord> copies = new ArrayList<>();

  /** Small manifests since the last force, which get a second copy where there is room. */
  final List<CommitDraft> spares = new ArrayList<>();

  /** Codecs of the volume that a format record in this pack has named. */
  private final Set<Integer> named = new HashSet<>(Set.of(0));

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

  /** Gives a codec of the volume a number in this pack, unless it has one. */
  NumberedFormat number(int codec, FormatId format) {
    Integer known = codecs.get(codec);
    if (known != null) {
      return formats.get(known - 1);
    }
    NumberedFormat numbered = new NumberedFormat(codecs.size(), format);
    codecs.put(codec, numbered.number());
    formats.add(numbered);
    return numbered;
  }

  /** Whether a codec must still be named by a record. */
  boolean isNamed(int codec) {
    return named.contains(codec);
  }

  void named(int codec) {
    named.add(codec);
  }

  /** Records were cut off again: all codecs but none are named anew before their next use. */
  void forgetNames() {
    named.retainAll(Set.of(0));
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
