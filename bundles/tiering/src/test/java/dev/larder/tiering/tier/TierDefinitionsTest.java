package dev.larder.tiering.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierDefinitionsTest {

  @TempDir Path folder;

  private static TierDefinition spec(String name) {
    TierSpec spec =
        new TierSpec(
            name,
            "/media/Käte's card = 1\\x",
            Optional.of("sd"),
            TierRole.CACHE,
            OptionalLong.of(1 << 20),
            Map.of("a.b", "1 # 2", "c", ""));
    KnownVolume volume = new KnownVolume(new UUID(1, 2), "models=x y", 3, 4, name.equals("card"));
    return new TierDefinition(spec, Optional.of(volume));
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    TierDefinitions definitions = new TierDefinitions(folder.resolve("tiers"));
    assertThat(definitions.initialised()).isFalse();
    definitions.save(spec("card.one"));
    definitions.save(spec("card"));
    assertThat(definitions.initialised()).isTrue();
    assertThat(definitions.load()).containsExactly(spec("card"), spec("card.one"));
    definitions.delete("card");
    assertThat(definitions.load()).containsExactly(spec("card.one"));
    try (var files = Files.list(folder.resolve("tiers"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aGarbledFileCostsItsOwnTierOnly() throws IOException {
    TierDefinitions definitions = new TierDefinitions(folder);
    definitions.save(spec("card"));
    Files.writeString(folder.resolve("bad.tier"), "role=\\u00zz");
    Files.writeString(folder.resolve("worse.tier"), "role=STORAGE");
    assertThat(definitions.load()).containsExactly(spec("card"));
  }
}
