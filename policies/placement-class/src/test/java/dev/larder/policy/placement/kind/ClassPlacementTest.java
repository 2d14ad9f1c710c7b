package dev.larder.policy.placement.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.spi.placement.TierOpinion;
import dev.larder.spi.placement.TierView;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ClassPlacementTest {

  private static final TierView NVME = tier("nvme", MediaClass.NVME, 80, 3500);
  private static final TierView EMMC = tier("emmc", MediaClass.EMMC, 125, 300);
  private static final TierView CARD = tier("card", MediaClass.SD, 600, 104);
  private static final TierView FAST_CARD = tier("fast-card", MediaClass.SD, 250, 310);
  private static final TierView BUCKET = tier("bucket", MediaClass.REMOTE, 40_000, 50);
  private static final List<TierView> ALL = List.of(CARD, BUCKET, EMMC, FAST_CARD, NVME);

  private static TierView tier(String name, MediaClass media, double latency, long megabytes) {
    MediaProfile profile =
        new MediaProfile(
            media, latency, megabytes * 1_000_000, 1_000_000, 2, 1 << 20, 4096, 4096, 0, true);
    return new TierView(name, TierRole.STORAGE, profile, 1L << 40, 1L << 39);
  }

  private static List<TierOpinion> rank(ArtifactKind kind, Temperature heat, boolean strict) {
    return new ClassPlacement()
        .rank(new PlacementRequest(kind, heat, OptionalLong.empty(), strict), ALL);
  }

  private static List<String> names(List<TierOpinion> opinions) {
    return opinions.stream().map(TierOpinion::tier).toList();
  }

  @Test
  void activeModelsGoToTheFastest() {
    assertThat(names(rank(ArtifactKind.MODEL, Temperature.ACTIVE, false)))
        .containsExactly("nvme", "fast-card", "emmc", "card", "bucket");
  }

  @Test
  void cachedModelsGoToNvmeOrEmmcBeforeAFasterCard() {
    assertThat(names(rank(ArtifactKind.MODEL, Temperature.CACHED, true)))
        .containsExactly("nvme", "emmc", "fast-card", "card", "bucket");
  }

  @Test
  void archivedModelsLeaveTheFastTiersFree() {
    assertThat(names(rank(ArtifactKind.MODEL, Temperature.ARCHIVE, false)))
        .containsExactly("bucket", "card", "emmc", "fast-card", "nvme");
  }

  @Test
  void protocolDataPrefersLatencyUnderAMillisecond() {
    List<TierOpinion> opinions = rank(ArtifactKind.PROTOCOL_DATA, Temperature.ARCHIVE, false);
    assertThat(names(opinions)).containsExactly("nvme", "emmc", "fast-card", "card", "bucket");
    assertThat(opinions).allMatch(TierOpinion::accepted);
  }

  @Test
  void strictProtocolDataRefusesSlowTiersWithAReason() {
    List<TierOpinion> opinions = rank(ArtifactKind.PROTOCOL_DATA, Temperature.ACTIVE, true);
    assertThat(opinions.get(4).accepted()).isFalse();
    assertThat(opinions.get(4).tier()).isEqualTo("bucket");
    assertThat(opinions.get(4).reason())
        .isEqualTo("reads in 40000 µs, protocol data wants less than 1000 µs");
    assertThat(opinions.subList(0, 4)).allMatch(TierOpinion::accepted);
  }

  @Test
  void noTiersGiveNoOpinions() {
    assertThat(
            new ClassPlacement()
                .rank(
                    new PlacementRequest(
                        ArtifactKind.MODEL, Temperature.ACTIVE, OptionalLong.of(1), true),
                    List.of()))
        .isEmpty();
  }
}
