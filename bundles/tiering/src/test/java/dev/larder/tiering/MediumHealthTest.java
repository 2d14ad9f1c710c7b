package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.HealthFinding;
import dev.larder.api.TierInfo;
import dev.larder.tiering.tier.BoardTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a medium says of itself comes to who asks for tiers and for health. */
final class MediumHealthTest {

  @TempDir Path folder;

  @Test
  void aWornMediumIsAFindingAndNoLongerOneWhenItIsReplaced() throws IOException {
    try (Rig rig = new Rig(folder)) {
      Path root = folder.resolve("root");
      BoardTree.lay("emmc-module", root);
      TierInfo flash = rig.tier("flash", "emmc");
      assertThat(flash.lifeUsed()).hasValue(0.9);
      assertThat(flash.findings()).contains("spare blocks");
      assertThat(rig.core.health().findings())
          .anySatisfy(
              finding -> {
                assertThat(finding.subject()).isEqualTo("tier/flash");
                assertThat(finding.severity()).isEqualTo(HealthFinding.Severity.WARNING);
                assertThat(finding.advice()).contains("larder tier rm flash");
              });
      Path device = root.resolve("sys/devices/platform/soc/fe340000.mmc/mmc_host/mmc0/mmc0:0001");
      Files.writeString(device.resolve("pre_eol_info"), "0x01\n");
      assertThat(rig.core.health().findings())
          .noneMatch(finding -> finding.subject().equals("tier/flash"));
    }
  }
}
