package dev.larder.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleListTest {
  @TempDir Path distribution;

  private void list(String text) throws IOException {
    Files.createDirectories(distribution.resolve("etc"));
    Files.writeString(distribution.resolve("etc/bundles.list"), text);
  }

  private List<String> names(boolean dev) throws LaunchException {
    return BundleList.read(distribution, dev).entries().stream()
        .map(e -> e.startLevel() + " " + distribution.relativize(e.file()))
        .toList();
  }

  @Test
  void ordersByStartLevelThenAsListed() throws Exception {
    list("# all\n2 z.jar\n\n1 b.jar # first\n2 a.jar\n1 a.jar\n");

    assertThat(names(false))
        .containsExactly(
            "1 bundles/b.jar", "1 bundles/a.jar", "2 bundles/z.jar", "2 bundles/a.jar");
    assertThat(BundleList.read(distribution, false).highestStartLevel()).isEqualTo(2);
  }

  @Test
  void bundlesForDevelopmentAreLeftOutOtherwise() throws Exception {
    list("1 a.jar\n3 deploy.jar dev\n");

    assertThat(names(false)).containsExactly("1 bundles/a.jar");
    assertThat(names(true)).containsExactly("1 bundles/a.jar", "3 bundles/deploy.jar");
  }

  @Test
  void aNameThatNoFileCanHaveIsToldAndDoesNotEscapeAsAnotherException() throws Exception {
    list("1 a\0b.jar\n");

    assertThatThrownBy(() -> names(false))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("bundles.list:1");
  }
}
