package dev.larder.tiering.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyInfo.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicySelectorTest {

  private final PluginRegistry<String> registry =
      new PluginRegistry<>("policy", Duration.ofSeconds(1));
  private final PolicySelector<String> selector =
      new PolicySelector<>(Service.CACHE, registry, "built-in-lru", "fallback", "lru");

  private String decides() {
    try (PolicyLease<String> lease = selector.lease()) {
      return lease.policy();
    }
  }

  @Test
  void theBuiltInOneDecidesWhileTheConfiguredOneIsMissing() {
    assertThat(decides()).isEqualTo("fallback");
    assertThat(selector.health()).singleElement().asString().contains("not installed");
    registry.added("lru", "LRU", "larder.policy.cache.lru 1.0", 0);
    assertThat(decides()).isEqualTo("LRU");
    assertThat(selector.health()).isEmpty();
    registry.removed("LRU");
    assertThat(decides()).isEqualTo("fallback");
  }

  @Test
  void useTakesEffectAtOnce() throws Exception {
    registry.added("lru", "LRU", "l 1.0", 0);
    registry.added("lfu", "LFU", "f 1.0", 0);
    assertThat(selector.use("lfu")).isEqualTo(new PolicyInfo(Service.CACHE, "lfu", "f 1.0", true));
    assertThat(decides()).isEqualTo("LFU");
    assertThat(selector.configured()).isEqualTo("lfu");
    assertThat(selector.policies())
        .containsExactly(
            new PolicyInfo(Service.CACHE, "lfu", "f 1.0", true),
            new PolicyInfo(Service.CACHE, "lru", "l 1.0", false),
            new PolicyInfo(Service.CACHE, "built-in-lru", "built-in", false));
    selector.use("built-in-lru");
    assertThat(decides()).isEqualTo("fallback");
    assertThat(selector.health()).isEmpty();
  }

  @Test
  void usingWhatIsNotThereFailsAndChangesNothing() {
    assertThatThrownBy(() -> selector.use("nonesuch"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("nonesuch");
    assertThat(selector.configured()).isEqualTo("lru");
  }

  @Test
  void aWithdrawnPolicyIsUsedAgainWhenItComesAnew() throws Exception {
    registry.added("lru", "LRU", "l 1.0", 0);
    try (PolicyLease<String> lease = selector.lease()) {
      lease.withdraw("rank returned NaN");
    }
    assertThat(decides()).isEqualTo("fallback");
    assertThat(selector.health()).singleElement().asString().contains("l 1.0", "NaN");
    registry.removed("LRU");
    registry.added("lru", "LRU", "l 1.1", 0);
    assertThat(decides()).isEqualTo("LRU");
    assertThat(selector.health()).isEmpty();
  }

  @Test
  void anOperatorCanGiveAWithdrawnPolicyAnotherChance() throws Exception {
    registry.added("lru", "LRU", "l 1.0", 0);
    try (PolicyLease<String> lease = selector.lease()) {
      lease.withdraw("slow");
    }
    assertThat(selector.use("lru").active()).isTrue();
    assertThat(decides()).isEqualTo("LRU");
  }

  @Test
  void tellsWhenAnotherOneDecides() throws Exception {
    List<String> told = new ArrayList<>();
    PluginRegistry.Handle handle = selector.listen(told::add);
    registry.added("lfu", "LFU", "f", 0);
    registry.added("lru", "LRU", "l", 0);
    selector.use("lfu");
    try (PolicyLease<String> lease = selector.lease()) {
      lease.withdraw("threw");
    }
    registry.removed("LRU");
    handle.close();
    selector.configure("lru");
    assertThat(told).containsExactly("lru", "lfu", "built-in-lru");
  }
}
