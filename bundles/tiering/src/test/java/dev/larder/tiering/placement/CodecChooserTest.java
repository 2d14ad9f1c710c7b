package dev.larder.tiering.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.api.ArtifactKind;
import dev.larder.api.PolicyInfo.Service;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.CodecChoice;
import dev.larder.store.Codecs;
import dev.larder.tiering.plugin.BlockKind;
import dev.larder.tiering.plugin.CodecRegistry;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.plugin.PolicySelector;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class CodecChooserTest {

  private static final MediaProfile CARD = Media.of(MediaClass.SD, 100);
  private static final BlockAnnotation BF16 = new BlockAnnotation(2, 0, "w", "BF16");
  private static final BlockKind HALVES = BlockKind.of(ArtifactKind.MODEL, BF16);
  private static final int BLOCK = 64 << 10;

  private final CodecRegistry codecs = new CodecRegistry(2, Duration.ofSeconds(1));
  private final PluginRegistry<CodecRule> installed =
      new PluginRegistry<>("policy", Duration.ofSeconds(1));
  private final PolicySelector<CodecRule> rules =
      new PolicySelector<>(
          Service.CODEC, installed, BuiltInCodecRule.SHORT_NAME, new BuiltInCodecRule(), "mine");
  private final AtomicLong now = new AtomicLong();
  private final FakeCodec planes = new FakeCodec("planes", 1.5);
  private final FakeCodec zstd = new FakeCodec("zstd", 1.2);
  private final FakeCodec other = new FakeCodec("other", 4);

  /** Of which requests it was asked, and what it answers. */
  private static final class Rule implements CodecRule {
    final List<CodecRequest> asked = new ArrayList<>();
    final BiFunction<CodecRequest, List<CodecFigures>, List<String>> answer;

    Rule(BiFunction<CodecRequest, List<CodecFigures>, List<String>> answer) {
      this.answer = answer;
    }

    static Rule of(String... names) {
      return new Rule((request, figures) -> Arrays.asList(names));
    }

    @Override
    public String name() {
      return "mine";
    }

    @Override
    public List<String> rank(CodecRequest request, List<CodecFigures> figures) {
      asked.add(request);
      return answer.apply(request, figures);
    }
  }

  private CodecChooser chooser(String... wished) {
    return new CodecChooser(codecs, rules, 2, Arrays.stream(wished).findFirst(), now::get);
  }

  private void install(FakeCodec... all) {
    for (FakeCodec codec : all) {
      codecs.added(codec, "test", 0);
    }
  }

  private Rule install(Rule rule) {
    installed.added("mine", rule, "rule 1.0", 0);
    return rule;
  }

  private static String chosen(CodecChoice choice) {
    return choice.codecFor(BF16).name().replaceFirst(".*\\.", "");
  }

  @Test
  void withoutARuleTheBuiltInOneDecidesWhichHealthTells() {
    install(zstd, planes);
    try (CodecChooser chooser = chooser()) {
      assertThat(chosen(chooser.choiceFor(CARD, ArtifactKind.MODEL))).isEqualTo("planes");
      assertThat(chosen(chooser.choiceFor(CARD, ArtifactKind.PROTOCOL_DATA))).isEqualTo("zstd");
    }
    assertThat(rules.health()).singleElement().asString().contains("swap-cost decides instead");
  }

  @Test
  void aRuleIsToldOfMediumKindAndWhatIsInstalled() {
    install(zstd, planes);
    Rule rule =
        install(
            new Rule(
                (request, figures) -> {
                  assertThat(figures)
                      .extracting(CodecFigures::codec)
                      .containsExactly("planes", "zstd");
                  assertThat(figures).allMatch(f -> f.ratio() > 1 && f.decodeBytesPerSecond() > 0);
                  return List.of("zstd");
                }));
    try (CodecChooser chooser = chooser()) {
      assertThat(chosen(chooser.choiceFor(CARD, ArtifactKind.MODEL))).isEqualTo("zstd");
    }
    assertThat(rule.asked).containsExactly(new CodecRequest(CARD, 2, ArtifactKind.MODEL, 2));
    assertThat(rules.health()).isEmpty();
  }

  @Test
  void anAnswerHoldsForItsTime() {
    install(zstd, planes);
    Rule rule = install(Rule.of("zstd"));
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      for (int i = 0; i < 100; i++) {
        chosen(choice);
      }
      now.addAndGet(CodecChooser.RENEWAL.toNanos() - 1);
      chosen(choice);
      assertThat(rule.asked).hasSize(1);
      now.incrementAndGet();
      chosen(choice);
      assertThat(rule.asked).hasSize(2);
      choice.codecFor(BlockAnnotation.NONE); // another kind is another question
      assertThat(rule.asked).hasSize(3);
    }
  }

  @Test
  void figuresThatSwingALittleDoNotTurnAnAnswer() {
    install(zstd, planes);
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      for (int i = 0; i < 200; i++) {
        String better = i / 20 % 2 == 0 ? "zstd" : "planes";
        String worse = better.equals("zstd") ? "planes" : "zstd";
        codecs.meter().encoded(HALVES, better, 1040, 1000);
        codecs.meter().encoded(HALVES, worse, 1000, 1000);
        if (i >= 40) {
          now.addAndGet(CodecChooser.RENEWAL.toNanos());
          assertThat(chosen(choice)).isEqualTo("planes");
        }
      }
      for (int i = 0; i < 40; i++) {
        codecs.meter().encoded(HALVES, "zstd", 1200, 1000);
      }
      now.addAndGet(CodecChooser.RENEWAL.toNanos());
      assertThat(chosen(choice)).isEqualTo("zstd");
    }
  }

  @Test
  void codecsComeAndGoAtOnce() {
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      assertThat(choice.codecFor(BF16)).isEqualTo(Codecs.NONE);
      assertThat(choice.deltaCodecFor(BF16)).isEmpty();
      install(zstd);
      assertThat(chosen(choice)).isEqualTo("zstd");
      install(planes);
      assertThat(chosen(choice)).isEqualTo("planes");
      codecs.removed(planes);
      assertThat(chosen(choice)).isEqualTo("zstd");
      codecs.removed(zstd);
      assertThat(choice.codecFor(BF16)).isEqualTo(Codecs.NONE);
    }
  }

  @Test
  void aRuleThatFailsIsWithdrawnWhichHealthTells() {
    install(zstd, planes);
    List<Rule> failing =
        List.of(
            new Rule(
                (request, figures) -> {
                  throw new IllegalStateException("boom");
                }),
            new Rule(
                (request, figures) -> {
                  throw new NoClassDefFoundError("boom");
                }),
            new Rule((request, figures) -> null),
            Rule.of("zstd", null),
            Rule.of("zstd", "nonesuch"),
            Rule.of("zstd", "zstd"));
    for (Rule rule : failing) {
      install(rule);
      try (CodecChooser chooser = chooser()) {
        CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
        assertThat(chosen(choice)).isEqualTo("planes");
        assertThat(chosen(choice)).isEqualTo("planes");
        assertThat(rule.asked).hasSize(1);
        assertThat(rules.health()).singleElement().asString().contains("was withdrawn", "mine");
      }
      installed.removed(rule);
    }
  }

  @Test
  void aRuleMayLeaveBlocksAsTheyAre() {
    install(zstd);
    install(Rule.of());
    try (CodecChooser chooser = chooser()) {
      assertThat(chooser.choiceFor(CARD, ArtifactKind.MODEL).codecFor(BF16)).isEqualTo(Codecs.NONE);
    }
    assertThat(rules.health()).isEmpty();
  }

  @Test
  void anotherRuleDecidesAtOnce() throws Exception {
    install(zstd, planes);
    install(Rule.of("zstd", "planes"));
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      assertThat(chosen(choice)).isEqualTo("zstd");
      rules.use(BuiltInCodecRule.SHORT_NAME);
      assertThat(chosen(choice)).isEqualTo("planes");
      rules.use("mine");
      assertThat(chosen(choice)).isEqualTo("zstd");
    }
  }

  @Test
  void whatIsWishedGoesBeforeWhateverARuleSays() {
    install(zstd, planes);
    install(Rule.of("zstd"));
    try (CodecChooser chooser = chooser("other")) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      assertThat(chosen(choice)).isEqualTo("zstd");
      install(other);
      assertThat(chosen(choice)).isEqualTo("other");
      assertThat(choice.deltaCodecFor(BF16)).contains(planes.id());
    }
  }

  @Test
  void aCodecThatNobodyKnowsIsTriedAndChosen() {
    install(zstd, planes);
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      choice.encoded(BF16, ByteBuffer.allocateDirect(BLOCK));
      install(other);
      assertThat(chosen(choice)).isEqualTo("planes");
      choice.encoded(BF16, ByteBuffer.allocateDirect(BLOCK));
      now.addAndGet(CodecChooser.RENEWAL.toNanos());
      assertThat(chosen(choice)).isEqualTo("other");
    }
  }

  @Test
  void oneBlockInManyIsEncodedByAll() {
    FakeCodec useless = new FakeCodec("lz4", 1.01);
    install(zstd, planes, other, useless);
    other.broken = true;
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    try (CodecChooser chooser = chooser()) {
      CodecChoice choice = chooser.choiceFor(CARD, ArtifactKind.MODEL);
      for (int i = 0; i < 50 * CodecTrials.ONE_IN; i++) {
        choice.encoded(BF16, block);
      }
      choice.encoded(BF16, ByteBuffer.allocateDirect(CodecTrials.FEWEST_BYTES - 1));
      choice.encoded(BF16, ByteBuffer.allocateDirect(CodecTrials.MOST_BYTES + 1));
    }
    assertThat(zstd.encoded).hasValue(50);
    assertThat(block.remaining()).isEqualTo(BLOCK);
    assertThat(codecs.meter().figures(HALVES, "planes").ratio()).isCloseTo(1.5, within(0.01));
    assertThat(codecs.meter().figures(HALVES, "lz4").ratio()).isEqualTo(1);
    assertThat(codecs.meter().figures(HALVES, "other").ratio()).isEqualTo(1);
    assertThat(codecs.health()).singleElement().asString().contains("failed 50 times", "boom");
  }
}
