package dev.larder.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkPropertiesTest {
  @TempDir Path folder;

  private Map<String, String> read(String lines, Map<String, String> environment, Integer port)
      throws Exception {
    Path distribution = folder.resolve("dist");
    new SampleDistribution(distribution).property(lines);
    Options options = new Options(distribution, folder.resolve("home"), port, true, false, false);
    try (Home home = Home.open(options.home())) {
      return FrameworkProperties.read(options, home, 7, environment);
    }
  }

  @Test
  void putsTheHomeIn() throws Exception {
    assertThat(read("dir=${larder.home}/deploy\nkept=${unknown}\n", Map.of(), null))
        .containsEntry("dir", folder.resolve("home") + "/deploy")
        .containsEntry("kept", "${unknown}")
        .containsEntry("larder.dev", "true")
        .containsEntry("org.osgi.framework.startlevel.beginning", "7");
  }

  @Test
  void theEnvironmentIsStrongerThanTheFileAndTheCommandLineStrongerThanBoth() throws Exception {
    Map<String, String> environment =
        Map.of("LARDER_RAM_LIMIT", "6g", "LARDER_RAM", "", "LARDER_HOME", "/other", "PATH", "/bin");

    assertThat(
            read(
                "larder.ram.limit=1g\nlarder.ram=/r\norg.osgi.service.http.port=7420\n",
                environment,
                0))
        .containsEntry("larder.ram.limit", "6g")
        .containsEntry("larder.ram", "/r")
        .containsEntry("larder.home", folder.resolve("home").toString())
        .containsEntry("org.osgi.service.http.port", "0")
        .doesNotContainKey("path");
  }
}
