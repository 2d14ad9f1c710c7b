package dev.larder.chunker.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.contract.ChunkerContract;
import dev.larder.spi.chunking.Chunker;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FixedChunkerTest extends ChunkerContract {

  @Override
  protected Chunker chunker() {
    return new FixedChunker();
  }

  @Override
  protected List<String> wrongParameters() {
    return List.of(
        "size=",
        "size=511",
        "size=4194305",
        "size=-1",
        "size=99999999999",
        "65536",
        "size=x",
        "size=65536 ",
        "min=1");
  }

  @Test
  void blocksAreOfOneSizeButTheLast() {
    assertThat(cut(new byte[200_000], "", 0)).containsExactly(65536, 65536, 65536, 3392);
    assertThat(cut(new byte[1025], "size=512", 0)).containsExactly(512, 512, 1);
    assertThat(chunker().suitability(probe(new byte[1]))).isEqualTo(1);
  }
}
