package dev.larder.media.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappingTest {

  private static final int LENGTH = 1 << 20;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("mapped-file");
    byte[] content = new byte[LENGTH];
    content[LENGTH - 1] = 7;
    Files.write(file, content);
  }

  /** The kernel sends SIGBUS, which must not be the end of the process. */
  @Test
  void aFileThatIsCutWhileItIsMappedIsAFailedRead() throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Mapping mapping = Mapping.of(channel, 0, LENGTH)) {
      channel.truncate(4096);
      for (ByteBuffer target :
          new ByteBuffer[] {ByteBuffer.allocate(LENGTH), ByteBuffer.allocateDirect(LENGTH)}) {
        assertThatThrownBy(() -> mapping.copyTo(target)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void nothingBehindTheEndIsMapped() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      assertThatThrownBy(() -> Mapping.of(channel, 4096, LENGTH)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void itEndsWithTheRead() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer target = ByteBuffer.allocate(LENGTH);
      try (Mapping mapping = Mapping.of(channel, 0, LENGTH)) {
        assertThat(isMapped()).isTrue();
        mapping.copyTo(target);
      }
      assertThat(isMapped()).isFalse();
      assertThat(target.get(LENGTH - 1)).isEqualTo((byte) 7);
    }
  }

  private boolean isMapped() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.endsWith("/mapped-file"));
    }
  }
}
