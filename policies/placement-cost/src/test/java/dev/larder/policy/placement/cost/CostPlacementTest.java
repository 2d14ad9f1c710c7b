package dev.larder.policy.placement.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CostPlacementTest {

  private static final long MB = 1_000_000;
  private static final double DAILY = 1.0 / 86_400;

  private final CostPlacement rule = new CostPlacement();

  private static TierView tier(
      MediaClass media, double micros, long rate, long free, Map<String, String> options) {
    MediaProfile profile =
        new MediaProfile(media, micros, rate * MB, rate * MB, 2, 1 << 20, 512, 512, 0, true);
    return new TierView(
        media.name().toLowerCase(java.util.Locale.ROOT),
        TierRole.STORAGE,
        profile,
        100_000 * MB,
        free * 1000 * MB,
        options);
  }

  private static TierView nvme(long freePercent) {
    return tier(MediaClass.NVME, 80, 3500, freePercent, Map.of());
  }

  private static TierView card(Map<String, String> options) {
    return tier(MediaClass.SD, 600, 104, 90, options);
  }

  private static PlacementRequest model(double loadsPerSecond) {
    return new PlacementRequest(
        ArtifactKind.MODEL,
        Temperature.CACHED,
        OptionalLong.of(500 * MB),
        false,
        OptionalDouble.of(loadsPerSecond));
  }

  private String first(PlacementRequest request, TierView... tiers) {
    return rule.rank(request, List.of(tiers)).get(0).tier();
  }

  @Test
  void whatIsLoadedDailyIsWorthFastRoomAndWhatIsNotIsNot() {
    assertThat(first(model(DAILY), nvme(50), card(Map.of()))).isEqualTo("nvme");
    assertThat(first(model(DAILY), nvme(5), card(Map.of()))).isEqualTo("nvme");
    assertThat(first(model(DAILY / 1000), nvme(50), card(Map.of()))).isEqualTo("sd");
    assertThat(first(model(0), nvme(50), card(Map.of()))).isEqualTo("sd");
  }

  @Test
  void theFullerATierTheMoreMustBeLoadedFromIt() {
    double monthly = DAILY / 30;
    assertThat(first(model(monthly), nvme(50), card(Map.of()))).isEqualTo("nvme");
    assertThat(first(model(monthly), nvme(5), card(Map.of()))).isEqualTo("sd");
  }

  @Test
  void aTierSaysWhatItsMediumCosts() {
    TierView dear = card(Map.of("placement.price", "50"));
    assertThat(first(model(0), nvme(50), dear)).isEqualTo("nvme");
    TierView worn = card(Map.of("placement.cycles", "0.1"));
    assertThat(first(model(0), nvme(50), worn)).isEqualTo("nvme");
    TierView nonsense = card(Map.of("placement.price", "cheap"));
    assertThat(first(model(0), nvme(50), nonsense)).isEqualTo("sd");
  }

  @Test
  void powerCounts() {
    TierView hungry = tier(MediaClass.NVME, 80, 3500, 90, Map.of("placement.power", "2000000"));
    assertThat(first(model(DAILY), hungry, card(Map.of()))).isEqualTo("sd");
  }

  @Test
  void strictProtocolDataRefusesSlowTiersWithAReason() {
    TierView remote = tier(MediaClass.REMOTE, 40_000, 10, 90, Map.of());
    PlacementRequest strict =
        new PlacementRequest(
            ArtifactKind.PROTOCOL_DATA, Temperature.CACHED, OptionalLong.of(1000), true);
    List<TierOpinion> opinions = rule.rank(strict, List.of(remote, card(Map.of())));
    assertThat(opinions).extracting(TierOpinion::tier).containsExactly("sd", "remote");
    assertThat(opinions.get(1).accepted()).isFalse();
    assertThat(opinions.get(1).reason()).contains("40000 µs");
    assertThat(opinions.get(0).reason()).contains("s a day");
  }

  @Test
  void theConfigurationIsRead() {
    CostConfig config =
        config(Map.of("prices", new String[] {"SD=70"}, "seconds_per_dollar", 100.0));
    assertThat(Weights.of(config).media().get(MediaClass.SD))
        .isEqualTo(new MediumCost(70, 0.4, 300));
    assertThat(Weights.of(config).secondsPerDollar()).isEqualTo(100);
    for (String wrong : new String[] {"SD", "TAPE=1", "SD=-1", "SD=much", "=1"}) {
      assertThatThrownBy(() -> Weights.of(config(Map.of("prices", new String[] {wrong}))))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Weights.of(config(Map.of("stay_days", 0.0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A configuration with these values, and defaults for the rest. */
  private static CostConfig config(Map<String, Object> values) {
    return (CostConfig)
        java.lang.reflect.Proxy.newProxyInstance(
            CostConfig.class.getClassLoader(),
            new Class<?>[] {CostConfig.class},
            (proxy, method, arguments) ->
                values.getOrDefault(method.getName(), method.getDefaultValue()));
  }
}
