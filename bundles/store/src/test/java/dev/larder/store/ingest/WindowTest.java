package dev.larder.store.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.store.pack.Run;
import org.junit.jupiter.api.Test;

class WindowTest {

  private final Window window = new Window(1024);

  private Window.Steps dispatch(int blocks) {
    window.begin();
    window.filledTo(Run.HEAD_ROOM + 10 * blocks);
    for (int i = 0; i < blocks; i++) {
      window.addBlock(0, 10, BlockAnnotation.NONE);
    }
    return window.dispatched();
  }

  /** A put of 4 GiB once hung for good: a late job took a block from under the cutter. */
  @Test
  void aJobThatBeginsAfterTheWindowWasFilledAnewTouchesNothing() {
    Window.Steps late = dispatch(1);
    assertThat(late.take()).isNotNull();
    window.oneDone();
    window.oneDone(); // the digest of the whole
    assertThat(window.done()).isTrue();

    Window.Steps current = dispatch(3);

    assertThat(late.take()).isNull();
    assertThat(current.take()).isSameAs(window.blocks().get(0));
    assertThat(current.take()).isSameAs(window.blocks().get(1));
    assertThat(window.done()).isFalse();
  }

  @Test
  void eachBlockIsGivenOutOnce() {
    Window.Steps steps = dispatch(2);

    assertThat(steps.take()).isNotSameAs(steps.take());
    assertThat(steps.take()).isNull();
  }
}
