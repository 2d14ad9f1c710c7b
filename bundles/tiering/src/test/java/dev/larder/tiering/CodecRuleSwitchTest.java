package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyInfo.Service;
import dev.larder.policy.codec.document.DocumentRule;
import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.codec.CodecRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CodecRuleSwitchTest {

  @TempDir Path folder;
  private Rig rig;
  private CodecRule document = new DocumentRule();
  private final ExecutorService clients = Executors.newFixedThreadPool(3);

  /** Gives blocks to lz4 alone. */
  private static final class OnlyLz4 implements CodecRule {
    @Override
    public String name() {
      return "only-lz4";
    }

    @Override
    public List<String> rank(CodecRequest request, List<CodecFigures> codecs) {
      return codecs.stream().map(CodecFigures::codec).filter("lz4"::equals).toList();
    }
  }

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
    install();
  }

  private void install() {
    rig.plugins.codecRules().added("document", document, "test", 0);
    rig.plugins.codecRules().added("only-lz4", new OnlyLz4(), "test", 0);
  }

  @AfterEach
  void close() {
    clients.shutdown();
    rig.close();
  }

  private List<PolicyInfo> codecRules() {
    return rig.core.policies().policies().stream()
        .filter(policy -> policy.service() == Service.CODEC)
        .toList();
  }

  @Test
  void theRuleIsListedChangedAndKeptOverARestart() throws Exception {
    assertThat(codecRules())
        .containsExactly(
            new PolicyInfo(Service.CODEC, "document", "test", false),
            new PolicyInfo(Service.CODEC, "only-lz4", "test", false),
            new PolicyInfo(Service.CODEC, "swap-cost", "built-in", true));
    assertThat(rig.core.policies().use("document").active()).isTrue();
    assertThat(rig.events).contains(Events.POLICY_CHANGED);
    rig.restart();
    assertThat(rig.core.health().findings())
        .anyMatch(f -> f.subject().equals("policy/document") && f.finding().contains("swap-cost"));
    install();
    assertThat(codecRules()).contains(new PolicyInfo(Service.CODEC, "document", "test", true));
    assertThat(rig.core.health().findings()).isEmpty();
  }

  @Test
  void newBlocksAreEncodedAsTheNewRuleSays() throws Exception {
    rig.put("before", Rig.model(1, 500_000));
    rig.core.policies().use("only-lz4");
    byte[] model = Rig.model(2, 500_000);
    rig.put("after", model);
    rig.plugins.codecs().removed(rig.zstd);
    assertThat(rig.get("after")).isEqualTo(model);
    Rig.fails(ErrorCode.CODEC_MISSING, () -> rig.get("before"));
  }

  @Test
  void rulesChangeComeAndGoUnderPutsAndNoneFails() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger puts = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      int client = c;
      running.add(clients.submit((Callable<Void>) () -> put(client, done, puts)));
    }
    List<String> rules = List.of("document", "only-lz4", "swap-cost");
    for (int i = 0; i < 600 || puts.get() < 30; i++) {
      String name = rules.get(i % rules.size());
      assertThat(rig.core.policies().use(name).active()).isTrue();
      if (i % 100 == 0) {
        Thread.sleep(20); // three clients on two cores
        assertThat(rig.plugins.codecRules().removed(document)).isTrue();
        document = new DocumentRule();
        rig.plugins.codecRules().added("document", document, "test", 0);
      }
    }
    done.set(true);
    for (Future<?> client : running) {
      client.get();
    }
    assertThat(rig.core.health().findings()).isEmpty();
  }

  private Void put(int client, AtomicBoolean done, AtomicInteger puts) throws IOException {
    for (int i = 0; !done.get(); i++) {
      byte[] model = Rig.model(1000 * client + i, 200_000);
      rig.put("m" + client, model);
      assertThat(rig.get("m" + client)).isEqualTo(model);
      puts.incrementAndGet();
    }
    return null;
  }
}
