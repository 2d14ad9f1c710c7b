package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.Codecs;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.Sha256;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.pack.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dictionaries for small blocks of protocol data: files of a few KiB have most of their words in
 * common with others of their family, and little with themselves. What begins alike is a family;
 * its dictionary is trained from the first blocks that are stored without one, and again when
 * blocks have come to be little shorter with it. A dictionary is a block of the volume like any
 * other, and kept as long as a block needs it. Thread-safe.
 */
final class Dictionaries {

  /** Larger blocks have enough in common with themselves. */
  static final int MOST_BLOCK_BYTES = 32 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(Dictionaries.class);

  /**
   * Of 256 KiB of JSON files; the 150 files that came next were stored in a part of 5.33, with 32
   * KiB in one of 5.15, alone in one of 2.46.
   */
  private static final int DICTIONARY_BYTES = 64 << 10;

  private static final int SAMPLE_BYTES = 256 << 10;
  private static final int FEWEST_SAMPLES = 32;
  private static final int MOST_FAMILIES = 8;

  /** A dictionary is judged by so many blocks. */
  private static final int JUDGED_BLOCKS = 16;

  /** Longer than this part of what the blocks are without it, it is of no use any more. */
  private static final double USELESS = 0.85;

  /**
   * After a dictionary that was of no use from the start, so many times more blocks are awaited.
   */
  private static final int PATIENCE = 4;

  private static final int MOST_PATIENCE = 1 << 12;

  private final Ingestor ingestor;

  /** By their first bytes, those that were used last at the end. */
  private final Map<Integer, Family> families = new LinkedHashMap<>(16, 0.75f, true);

  private @Nullable List<Digest> onVolume;

  Dictionaries(Ingestor ingestor) {
    this.ingestor = ingestor;
  }

  /** A dictionary, in its place on the volume. */
  record Dictionary(Digest hash, ByteBuffer bytes) {}

  private static final class Family {
    private final ArrayDeque<Digest> candidates;
    private final List<ByteBuffer> samples = new ArrayList<>();
    private @Nullable Digest current;
    private int sampleBytes;
    private int skipped;
    private int toSkip;
    private int judged;
    private long alone;
    private long with;

    Family(List<Digest> candidates) {
      this.candidates = new ArrayDeque<>(candidates);
      this.current = this.candidates.poll();
    }

    /** The next samples are taken later, for these were of no use. */
    void bePatient() {
      toSkip = Math.min(MOST_PATIENCE, Math.max(1, toSkip * PATIENCE));
    }

    /** Takes the next one that the volume has, or begins to collect samples. */
    void drop() {
      if (judged > JUDGED_BLOCKS) {
        toSkip = 0;
      } else {
        bePatient();
      }
      current = candidates.poll();
      judged = 0;
      alone = 0;
      with = 0;
    }
  }

  /** What a block is likely to share words with: the same first bytes that are no spaces. */
  static int family(ByteBuffer block) {
    int first = 0;
    int found = 0;
    for (int at = block.position(); at < block.limit() && found < 2; at++) {
      int value = block.get(at) & 0xFF;
      if (value > ' ') {
        first = first << 8 | value;
        found++;
      }
    }
    return first;
  }

  /** The dictionary of a family, if there is one now. */
  Optional<Dictionary> of(int family) {
    Digest hash;
    synchronized (this) {
      hash = known(family).current;
    }
    if (hash == null) {
      return Optional.empty();
    }
    Optional<ByteBuffer> bytes = ingestor.blocks().dictionary(hash);
    if (bytes.isEmpty()) {
      lost(family, hash);
    }
    return bytes.map(content -> new Dictionary(hash, content));
  }

  private Family known(int key) {
    Family family = families.get(key);
    if (family == null) {
      if (onVolume == null) {
        onVolume = ingestor.blocks().standing().dictionaries();
      }
      family = new Family(onVolume);
      families.put(key, family);
      if (families.size() > MOST_FAMILIES) {
        families.remove(families.keySet().iterator().next());
      }
    }
    return family;
  }

  /** Nothing needed it, and it was collected; or it is damaged. */
  private synchronized void lost(int key, Digest hash) {
    Family family = known(key);
    if (hash.equals(family.current)) {
      family.drop();
    }
  }

  /** Tells how long a block is without and with the dictionary of its family. */
  synchronized void used(int key, int aloneBytes, int withBytes) {
    Family family = known(key);
    family.judged++;
    family.alone += aloneBytes;
    family.with += withBytes;
    if (family.judged % JUDGED_BLOCKS == 0) {
      if (family.with > USELESS * family.alone) {
        family.drop();
      }
      family.alone = 0;
      family.with = 0;
    }
  }

  /** Takes a block of a family without a dictionary as a sample; may train one. */
  void sample(int key, ByteBuffer block, FormatId codec) {
    List<ByteBuffer> samples;
    synchronized (this) {
      Family family = known(key);
      if (family.current != null || family.skipped++ < family.toSkip * JUDGED_BLOCKS) {
        return;
      }
      family.samples.add(ByteBuffer.allocate(block.remaining()).put(block.duplicate()).flip());
      family.sampleBytes += block.remaining();
      if (family.sampleBytes < SAMPLE_BYTES) {
        return;
      }
      samples = List.copyOf(family.samples);
      family.samples.clear();
      family.sampleBytes = 0;
      family.skipped = 0;
    }
    if (samples.size() >= FEWEST_SAMPLES) {
      Digest trained = train(samples, codec);
      synchronized (this) {
        Family family = known(key);
        family.current = trained;
        if (trained == null) {
          family.bePatient();
        }
      }
    }
  }

  private @Nullable Digest train(List<ByteBuffer> samples, FormatId codec) {
    try {
      Optional<ByteBuffer> dictionary = ingestor.codecs().train(codec, samples, DICTIONARY_BYTES);
      return dictionary.isPresent() ? store(dictionary.get(), codec) : null;
    } catch (IOException e) {
      LOG.info("{}: no dictionary: {}", ingestor.errors().name(), e.getMessage());
      return null; // the volume is full, or the codec has failed: blocks stand alone
    }
  }

  /** Appends a dictionary; it is durable with the first commit of what uses it. */
  private Digest store(ByteBuffer dictionary, FormatId codec) throws IOException {
    Digest hash = Digest.of(Sha256.newDigest().digest(bytes(dictionary)));
    int length = dictionary.remaining();
    ByteBuffer plain = ByteBuffer.allocateDirect(length).put(dictionary.duplicate()).flip();
    ByteBuffer buffer = ByteBuffer.allocateDirect(Run.HEAD_ROOM + length);
    ByteBuffer stored = buffer.slice(Run.HEAD_ROOM, length);
    int number = ingestor.formats().number(codec);
    int bytes =
        number < 0
            ? Codecs.DOES_NOT_FIT
            : ingestor.codecs().encode(codec, plain, BlockContext.PLAIN, stored);
    if (bytes == Codecs.DOES_NOT_FIT) {
      stored.clear().put(plain.duplicate());
      bytes = length;
      number = 0;
    }
    StoredBlock form =
        new StoredBlock(length, bytes, number, 0, Checksum.of(stored.clear().limit(bytes)));
    ingestor.stream().lock().lock();
    try {
      if (ingestor.table().bind(hash) == null) {
        Run run = new Run(buffer, Run.HEAD_ROOM);
        run.add(hash, form);
        ingestor.stream().append(run);
      }
    } finally {
      ingestor.stream().lock().unlock();
    }
    return hash;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
