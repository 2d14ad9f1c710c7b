package dev.larder.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {

  @TempDir Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path plain(String content) throws IOException {
    return file("a.tsv", content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aTraceIsReadPlainAndWithGzip() throws Exception {
    String content = "# time key size\n0\t7\t10\n0.5\tmodels/a\t20\r\n\n2\t7\t30\tmore";
    for (Path file : new Path[] {plain(content), file("b.tsv.gz", gzip(content))}) {
      Trace trace = Trace.read(file, false);
      assertThat(trace.length()).isEqualTo(3);
      assertThat(trace.distinct()).isEqualTo(2);
      assertThat(trace.footprint()).isEqualTo(50); // the last sizes
      assertThat(trace.requested()).isEqualTo(60);
      assertThat(trace.key(2)).isEqualTo(trace.key(0)).isNotEqualTo(trace.key(1));
      assertThat(trace.size(2)).isEqualTo(30);
      assertThat(trace.name()).isIn("a", "b");
      assertThat(Trace.read(file, true).footprint()).isEqualTo(2);
    }
  }

  @Test
  void aReaderTellsTimesAndLines() throws Exception {
    try (TraceReader reader = new TraceReader(plain("# x\n1.5\t9\t4\n"))) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.time()).isEqualTo(1.5);
      assertThat(reader.key()).isEqualTo(9);
      assertThat(reader.size()).isEqualTo(4);
      assertThat(reader.line()).isEqualTo(2);
      assertThat(reader.next()).isFalse();
    }
  }

  @Test
  void whatIsWrongIsToldWithItsLine() throws Exception {
    assertWrong("0\t1\t5\n1\t2\t-1\n", "line 2: '-1' is no size");
    assertWrong("0\t1\t99999999999999999999\n", "line 1: '99999999999999999999' is no size");
    assertWrong("0\t1\n", "line 1: it has less than three columns");
    assertWrong("later\t1\t5\n", "line 1: 'later' is no time");
    assertWrong("NaN\t1\t5\n", "line 1: 'NaN' is no time");
    assertWrong("0\t" + "k".repeat(5000) + "\t5\n", "line 1: it has more than 4096 bytes");
    assertWrong("", "has no access");
    assertWrong("# nothing\n", "has no access");
  }

  private void assertWrong(String content, String message) throws IOException {
    Path file = plain(content);
    assertThatThrownBy(() -> Trace.read(file, false))
        .isInstanceOfSatisfying(
            CliException.class,
            e -> {
              assertThat(e.describe()).contains(message);
              assertThat(e.code()).isEqualTo("INVALID_TRACE");
            });
  }

  @Test
  void aGzipThatIsCutOffIsTold() throws Exception {
    byte[] whole = gzip("0\t1\t5\n".repeat(10_000));
    Path cut = file("cut.tsv.gz", Arrays.copyOf(whole, whole.length - 20));
    assertThatThrownBy(() -> Trace.read(cut, false))
        .isInstanceOfSatisfying(
            CliException.class,
            e -> assertThat(e.describe()).contains("cut.tsv.gz", "behind line", "cut off"));
    Path none = folder.resolve("none.tsv");
    assertThatThrownBy(() -> Trace.read(none, false))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.describe()).contains("there is no trace"));
  }
}
