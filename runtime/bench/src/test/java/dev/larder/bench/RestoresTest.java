package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoresTest {
  @TempDir Path folder;
  private Path file;
  private Path stored;
  private Path tmpfs;

  @BeforeEach
  void makeFile() throws Exception {
    file = folder.resolve("model.safetensors");
    new WeightsFile(1).write(file, 200_000);
    stored = Files.createDirectory(folder.resolve("stored"));
    tmpfs = Files.createDirectory(folder.resolve("tmpfs"));
  }

  private Restores prepared(boolean all, String searchPath) throws Exception {
    Restores restores =
        new Restores(System::nanoTime, new PageCache(PageCache.Way.WARM), file, tmpfs);
    restores.prepare(stored, all, searchPath);
    return restores;
  }

  @Test
  void thoseThatAreThereBringTheFileBack() throws Exception {
    Restores restores = prepared(true, System.getenv("PATH"));
    int ready = 6 - restores.missing().size();
    restores.round(false);
    restores.round(true);
    assertThat(restores.rows()).hasSize(ready);
    assertThat(restores.rows().get(0).name()).isEqualTo("cp");
    assertThat(restores.copies()).hasSize(2);
    assertThat(restores.rows())
        .allSatisfy(
            row -> {
              assertThat(row.wall().count()).isEqualTo(2);
              assertThat(row.stored()).as(row.name()).isGreaterThan(100_000);
            });
    assertThat(tmpfs).isEmptyDirectory();
  }

  @Test
  void oneThatBringsBackSomethingElseIsNotMeasured() throws Exception {
    Restores restores = prepared(false, System.getenv("PATH"));
    Files.write(file, new byte[100_000]);
    restores.round(false);
    assertThat(restores.rows()).isEmpty();
    assertThat(restores.missing())
        .extracting(Missing::why)
        .allMatch(why -> why.contains("is not what was stored"));
    assertThat(tmpfs).isEmptyDirectory();
  }

  @Test
  void thoseThatAreNotThereAreNamed() throws Exception {
    assertThat(prepared(true, folder.toString()).missing())
        .hasSize(6)
        .extracting(Missing::line)
        .contains("not measured: borg extract: borg not found on the PATH");
  }
}
