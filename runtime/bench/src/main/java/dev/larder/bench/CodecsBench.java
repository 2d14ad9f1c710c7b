package dev.larder.bench;

import dev.larder.chunker.fastcdc.FastCdcChunker;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.chunker.tensor.TensorChunker;
import dev.larder.cli.CliException;
import dev.larder.cli.text.Sizes;
import dev.larder.codec.gzip.GzipCodec;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.planes.PlanesCodec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Measures all codecs on the blocks of all chunkers, for each kind of data in a folder. */
final class CodecsBench {
  private static final List<Chunker> CHUNKERS =
      List.of(new FixedChunker(), new FastCdcChunker(), new TensorChunker());

  private static final List<Codec> CODECS =
      List.of(new Lz4Codec(), new ZstdCodec(), new GzipCodec(), new PlanesCodec());

  /** Times as long as a measurement. */
  private static final int WARM_UP = 5;

  private final Corpus corpus;
  private final Kinds kinds;
  private final ByteBuffer plain;
  private final CodecTrial trial;
  private final CodecTrial warmUp;
  private final List<CodecsReport.Kind> found = new ArrayList<>();
  private final List<CodecsReport.Row> rows = new ArrayList<>();
  private final List<String> notes;

  /**
   * A measurement.
   *
   * @param sample bytes that are measured of each kind at the most; twice as many are held
   * @param least how long each rate is measured, nanoseconds
   * @param clock in nanoseconds
   */
  CodecsBench(Corpus corpus, Kinds kinds, int sample, long least, LongSupplier clock) {
    this.corpus = corpus;
    this.kinds = kinds;
    int room = (int) Math.min(sample, corpus.size());
    this.plain = ByteBuffer.allocateDirect(room);
    ByteBuffer stored = ByteBuffer.allocateDirect(room);
    this.trial = new CodecTrial(clock, least, stored);
    this.warmUp = new CodecTrial(clock, WARM_UP * least, stored);
    this.notes = new ArrayList<>(corpus.notes());
  }

  CodecsReport run() throws CliException {
    for (Map.Entry<String, List<Corpus.Item>> kind : byKind().entrySet()) {
      measure(kind.getKey(), kind.getValue());
    }
    return new CodecsReport(found, rows, notes);
  }

  private Map<String, List<Corpus.Item>> byKind() throws CliException {
    Map<String, List<Corpus.Item>> sorted = new TreeMap<>(Kinds.order());
    for (Corpus.Item item : corpus.files()) {
      if (item.size() > 0 && !kinds.isManifest(item.path())) {
        sorted.computeIfAbsent(kind(item), any -> new ArrayList<>()).add(item);
      }
    }
    if (sorted.isEmpty()) {
      throw new CliException(
          "NOT_FOUND", "all files in " + corpus.root() + " are empty", "name a folder with data");
    }
    return sorted;
  }

  private String kind(Corpus.Item item) throws CliException {
    Optional<String> named = kinds.byName(item.path());
    return named.isPresent()
        ? named.get()
        : kinds.byContent(Content.read(item.path(), Kinds.artifactKind(""), plain.clear()));
  }

  private void measure(String kind, List<Corpus.Item> items) throws CliException {
    List<Content> contents = new ArrayList<>();
    plain.clear();
    for (Corpus.Item item : items) {
      if (plain.hasRemaining()) {
        contents.add(Content.read(item.path(), Kinds.artifactKind(kind), plain));
      }
    }
    long bytes = items.stream().mapToLong(Corpus.Item::size).sum();
    if (plain.position() < bytes) {
      notes.add(
          String.format(
              "of %s only the first %s were measured: give a larger --sample",
              kind, Sizes.format(plain.position())));
    }
    found.add(new CodecsReport.Kind(kind, items.size(), bytes, plain.position(), chosen(contents)));
    if (rows.isEmpty()) {
      warmUp(BlockSet.of(contents, CHUNKERS.get(0)));
    }
    for (Chunker chunker : CHUNKERS) {
      BlockSet blocks = BlockSet.of(contents, chunker);
      add(kind, chunker, "none", Codec.Effort.NORMAL, blocks, trial.copy(blocks));
      for (Codec codec : CODECS) {
        for (Codec.Effort effort : Codec.Effort.values()) {
          add(kind, chunker, codec.name(), effort, blocks, trial.run(codec, effort, blocks));
        }
      }
    }
  }

  /** Else the first kind would pay for the compiler. */
  private void warmUp(BlockSet blocks) throws CliException {
    for (Codec codec : CODECS) {
      warmUp.run(codec, Codec.Effort.NORMAL, blocks);
    }
  }

  private void add(
      String kind,
      Chunker chunker,
      String codec,
      Codec.Effort effort,
      BlockSet blocks,
      CodecTrial.Result result) {
    rows.add(
        new CodecsReport.Row(
            kind, chunker.name(), codec, effort, blocks.bytes(), blocks.uniqueBytes(), result));
  }

  /** How many of the contents a gateway would cut with which chunker. */
  private static Map<String, Integer> chosen(List<Content> contents) throws CliException {
    Map<String, Integer> chosen = new TreeMap<>();
    for (Content content : contents) {
      Chunker best = CHUNKERS.get(0);
      int most = 0;
      for (Chunker chunker : CHUNKERS) {
        int suitability = content.suitability(chunker);
        if (suitability > most) {
          best = chunker;
          most = suitability;
        }
      }
      chosen.merge(best.name(), 1, Integer::sum);
    }
    return chosen;
  }
}
