package dev.larder.tiering.placement;

import dev.larder.api.ArtifactKind;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.CodecChoice;
import dev.larder.store.Codecs;
import dev.larder.tiering.plugin.BlockKind;
import dev.larder.tiering.plugin.CodecRegistry;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which codec suits a kind of block on a medium: a rule ranks those that are installed, by what has
 * been measured of them. An answer holds for some seconds, or until a codec comes or goes or
 * another rule decides. A codec that went meanwhile is passed over. Any thread.
 */
public final class CodecChooser implements AutoCloseable {

  /** How long an answer holds. */
  static final Duration RENEWAL = Duration.ofSeconds(10);

  /** Those that can use a reference block. */
  private static final List<String> DELTAS = List.of("planes", "zstd");

  /** The one that can use a dictionary. */
  private static final String DICTIONARIES = "zstd";

  private final CodecRegistry codecs;
  private final PolicySelector<CodecRule> rules;
  private final int cores;
  private final List<String> wished;
  private final LongSupplier nanoTime;
  private final CodecTrials trials;
  private final List<PluginRegistry.Handle> handles;

  /** Another map after each change, so that what was decided before it is not kept after it. */
  private volatile Map<Question, Answer> answers = new ConcurrentHashMap<>();

  private record Question(MediaProfile medium, BlockKind kind) {}

  /** What a rule said, and the first of that which is installed. */
  private record Answer(List<String> codecs, FormatId first, long nanos) {}

  /**
   * A chooser.
   *
   * @param codecs that are installed
   * @param rules of which one decides
   * @param cores of the machine
   * @param wished short name of the codec that goes before all others wherever it is installed
   * @param nanoTime monotonic clock
   */
  public CodecChooser(
      CodecRegistry codecs,
      PolicySelector<CodecRule> rules,
      int cores,
      Optional<String> wished,
      LongSupplier nanoTime) {
    this.codecs = codecs;
    this.rules = rules;
    this.cores = cores;
    this.wished = wished.stream().toList();
    this.nanoTime = nanoTime;
    this.trials = new CodecTrials(codecs);
    this.handles =
        List.of(codecs.listen((change, codec) -> codecsChanged()), rules.listen(r -> askAnew()));
  }

  private void codecsChanged() {
    trials.startAnew();
    askAnew();
  }

  private void askAnew() {
    answers = new ConcurrentHashMap<>();
  }

  /** The choice for a medium; for each block, for codecs come and go. */
  public CodecChoice choiceFor(MediaProfile medium, ArtifactKind kind) {
    return new CodecChoice() {
      @Override
      public FormatId codecFor(BlockAnnotation annotation) {
        return answer(new Question(medium, BlockKind.of(kind, annotation))).first();
      }

      @Override
      public Optional<FormatId> dictionaryCodec() {
        return codecs.find(DICTIONARIES);
      }

      @Override
      public Optional<FormatId> deltaCodecFor(BlockAnnotation annotation) {
        return first(DELTAS);
      }

      @Override
      public void encoded(BlockAnnotation annotation, ByteBuffer block) {
        if (wished.isEmpty()) {
          trials.offer(BlockKind.of(kind, annotation), annotation, block);
        }
      }
    };
  }

  private Optional<FormatId> first(List<String> preferred) {
    return preferred.stream().flatMap(name -> codecs.find(name).stream()).findFirst();
  }

  private Answer answer(Question question) {
    Map<Question, Answer> known = answers;
    @Nullable Answer last = known.get(question);
    long now = nanoTime.getAsLong();
    if (last != null && now - last.nanos() < RENEWAL.toNanos()) {
      return last;
    }
    List<String> ranked = ask(question, last == null ? List.of() : last.codecs());
    FormatId first = first(wished).or(() -> first(ranked)).orElse(Codecs.NONE);
    Answer answer = new Answer(ranked, first, now);
    known.put(question, answer);
    return answer;
  }

  private List<String> ask(Question question, List<String> last) {
    BlockKind kind = question.kind();
    Set<String> installed = codecs.installed().keySet();
    List<CodecFigures> figures =
        Stream.concat(
                last.stream().filter(installed::contains),
                codecs.meter().startingOrder(kind, installed).stream())
            .distinct()
            .map(name -> codecs.meter().figures(kind, name))
            .toList();
    CodecRequest request =
        new CodecRequest(question.medium(), cores, kind.artifact(), kind.elementBytes());
    return ask(request, figures);
  }

  /** A rule that fails, or answers nonsense, is replaced by the built-in one. */
  private List<String> ask(CodecRequest request, List<CodecFigures> codecs) {
    try (PolicyLease<CodecRule> lease = rules.lease()) {
      try {
        List<String> ranked = new ArrayList<>(lease.policy().rank(request, codecs));
        if (plausible(ranked, codecs)) {
          return ranked;
        }
        lease.withdraw("it did not name codecs that it was given, each at most once");
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        lease.withdraw("rank threw " + e);
      }
    }
    return new BuiltInCodecRule().rank(request, codecs);
  }

  private static boolean plausible(List<String> ranked, List<CodecFigures> codecs) {
    Set<String> given = codecs.stream().map(CodecFigures::codec).collect(Collectors.toSet());
    return given.containsAll(ranked) && new HashSet<>(ranked).size() == ranked.size();
  }

  /** Ends what it was told of codecs and rules. */
  @Override
  public void close() {
    handles.forEach(PluginRegistry.Handle::close);
  }
}
