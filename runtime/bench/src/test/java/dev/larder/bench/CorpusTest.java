package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  @TempDir Path folder;

  @Test
  void findsFilesInTheOrderOfTheirPaths() throws IOException, CliException {
    Files.createDirectory(folder.resolve("a"));
    Files.writeString(folder.resolve("a/x"), "123");
    Files.writeString(folder.resolve("a.b"), "1");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a.b"));
    Corpus corpus = Corpus.read(folder.toString());
    assertThat(corpus.files())
        .extracting(item -> corpus.root().relativize(item.path()).toString())
        .containsExactly("a.b", "a/x");
    assertThat(corpus.size()).isEqualTo(4);
    assertThat(corpus.notes()).singleElement().asString().endsWith("link");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertThatThrownBy(() -> Corpus.read(folder.resolve("none").toString()))
        .hasMessageEndingWith("none: no such folder");
    assertThatThrownBy(() -> Corpus.read(folder.toString()))
        .hasMessageStartingWith("there is no file in ");
    Path file = Files.writeString(folder.resolve("f"), "1");
    assertThatThrownBy(() -> Corpus.read(file.toString())).hasMessageEndingWith("f is no folder");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "root may read everything");
    assertThatThrownBy(() -> Corpus.read(folder.toString()))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.describe()).contains("denied; change its mode"));
  }
}
