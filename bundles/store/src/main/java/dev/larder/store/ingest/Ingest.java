package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Cut;
import dev.larder.store.IngestSpec;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.work.Crew;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One artifact on its way in. The caller's thread reads, cuts and appends; workers hash and encode;
 * windows are appended in order, each as one run, so the artifact's blocks lie together.
 */
final class Ingest {

  private static final int LARGE_WINDOW = 1 << 20;
  private static final int SMALL_WINDOW = 16 << 10;
  private static final int MOST_WINDOWS = 3;

  private final Ingestor ingestor;
  private final IngestSpec spec;
  private final ReadableByteChannel content;
  private final BlockCutter cutter;
  private final Crew crew;
  private final DigestChain chain;
  private final WindowAppender appender;
  private final int windowBytes;
  private final List<Window> windows = new ArrayList<>();
  private final ArrayDeque<Window> idle = new ArrayDeque<>();
  private final ArrayDeque<Window> busy = new ArrayDeque<>();
  private long bytesRead;
  private long bytesCut;
  private boolean ended;

  Ingest(Ingestor ingestor, IngestSpec spec, ReadableByteChannel content) throws LarderException {
    this.ingestor = ingestor;
    this.spec = spec;
    this.content = content;
    this.cutter = spec.cutter();
    int most = cutter.maxBlockBytes();
    if (most < 1 || most > Layout.MAX_BLOCK) {
      throw LarderException.invalid("a chunker wants blocks of up to " + most + " bytes");
    }
    this.crew = new Crew(ingestor.workers(), ingestor.parallelism());
    this.chain = new DigestChain(crew);
    this.appender = new WindowAppender(ingestor, spec, ingestor.predecessor(spec).orElse(null));
    this.windowBytes = windowBytes(most, spec.size());
  }

  /** An artifact that is known to be small gets one window that holds all of it. */
  private static int windowBytes(int mostBlock, OptionalLong size) {
    if (size.isPresent() && size.getAsLong() <= LARGE_WINDOW) {
      int whole = Math.max(SMALL_WINDOW, (int) size.getAsLong());
      return Integer.highestOneBit(2 * whole - 1);
    }
    return Math.max(LARGE_WINDOW, 2 * mostBlock);
  }

  Staged run() throws IOException {
    ingestor.pin(appender.blocks());
    boolean staged = false;
    try {
      acquire(ingestor.windows().acquire(windowBytes, spec.cancellation()));
      pump();
      Staged result = finish();
      staged = true;
      return result;
    } finally {
      crew.finish();
      appender.close();
      windows.forEach(ingestor.windows()::release);
      if (!staged) {
        ingestor.giveUp(appender.blocks(), appender.fresh());
      }
    }
  }

  private void acquire(@Nullable Window window) {
    if (window != null) {
      windows.add(window);
      idle.add(window);
    }
  }

  private void pump() throws IOException {
    Window previous = null;
    while (!ended || (previous != null && previous.uncutBytes() > 0)) {
      spec.cancellation().check();
      Window window = idleWindow();
      if (previous == null) {
        window.begin();
      } else {
        window.begin(previous);
      }
      fill(window);
      cut(window);
      if (!window.blocks().isEmpty()) {
        dispatch(window);
      } else {
        idle.addFirst(window);
      }
      previous = window;
    }
    while (!busy.isEmpty()) {
      appendOldest();
    }
  }

  private Window idleWindow() throws IOException {
    if (idle.isEmpty() && windows.size() < MOST_WINDOWS) {
      acquire(ingestor.windows().tryAcquire(windowBytes));
    }
    while (idle.isEmpty()) {
      appendOldest();
    }
    return idle.remove();
  }

  private void fill(Window window) throws IOException {
    ByteBuffer buffer = window.toFill();
    int start = buffer.position();
    while (!ended && buffer.hasRemaining()) {
      int count = content.read(buffer);
      if (count < 0) {
        ended = true;
      }
      requireNotLonger(bytesRead + buffer.position() - start);
    }
    bytesRead += buffer.position() - start;
    window.filledTo(buffer.position());
    if (!ended && spec.size().isPresent() && bytesRead == spec.size().getAsLong()) {
      ended = atEnd();
    }
    if (ended && spec.size().isPresent() && bytesRead != spec.size().getAsLong()) {
      throw incomplete("ended after " + bytesRead);
    }
  }

  private boolean atEnd() throws IOException {
    ByteBuffer probe = ByteBuffer.allocate(1);
    int count = 0;
    while (count == 0) {
      count = content.read(probe);
    }
    if (count > 0) {
      throw incomplete("is longer");
    }
    return true;
  }

  private void requireNotLonger(long bytes) throws LarderException {
    if (spec.size().isPresent() && bytes > spec.size().getAsLong()) {
      throw incomplete("is longer");
    }
  }

  private LarderException incomplete(String how) {
    return new LarderException(
        ErrorCode.BODY_INCOMPLETE,
        "the content was declared with " + spec.size().orElse(0) + " bytes but " + how,
        "send it again");
  }

  private void cut(Window window) throws LarderException {
    int most = cutter.maxBlockBytes();
    while (window.blocks().size() < Layout.MAX_RUN_BLOCKS
        && (window.uncutBytes() >= most || (ended && window.uncutBytes() > 0))) {
      Cut cut = cutter.next(window.uncut(), ended);
      if (cut.length() < 1 || cut.length() > most || cut.length() > window.uncutBytes()) {
        throw new LarderException(
            ErrorCode.INTERNAL,
            "chunker " + spec.chunker() + " cut a block of " + cut.length() + " bytes",
            "use another chunker");
      }
      window.addBlock(bytesCut, cut.length(), cut.annotation());
      bytesCut += cut.length();
    }
  }

  private void dispatch(Window window) {
    Window.Steps steps = window.dispatched();
    busy.add(window);
    chain.add(window);
    int jobs = Math.min(ingestor.parallelism(), window.blocks().size());
    for (int i = 0; i < jobs; i++) {
      crew.submit(() -> workOn(window, steps));
    }
  }

  private void workOn(Window window, Window.Steps steps) {
    BlockWork work = appender.work();
    try {
      for (Window.Block block = steps.take(); block != null; block = steps.take()) {
        work.hashAndEncode(window, block);
        window.oneDone();
      }
    } catch (IOException e) {
      crew.fail(e);
    }
  }

  private void appendOldest() throws IOException {
    Window oldest = busy.remove();
    crew.workUntil(oldest::done);
    Throwable failure = crew.failure();
    if (failure != null) {
      throw ingestor.errors().rethrow(failure);
    }
    if (ingestor.room().freeForPuts() < windowBytes) {
      requireRoom(oldest);
    }
    appender.append(oldest);
    idle.add(oldest);
  }

  private void requireRoom(Window window) throws IOException {
    long wanted = appender.newBytes(window);
    if (wanted > 0 && wanted > ingestor.room().freeForPuts()) {
      throw ingestor.errors().full("the rest of the artifact");
    }
  }

  private Staged finish() throws LarderException {
    Digest digest = chain.digest();
    ManifestHead head =
        new ManifestHead(
            digest,
            bytesRead,
            spec.kind(),
            appender.blocks().size(),
            appender.storedBytes(),
            spec.chunker(),
            cutter.parameters());
    boolean known = ingestor.journal().artifact(digest).isPresent();
    // New blocks of one that is here mean that it is cut in another way, unless there is damage.
    boolean whole =
        appender.fresh().isEmpty()
            ? !ingestor.damage().hasManifest(digest)
            : !ingestor.damage().any();
    return new Staged(
        ingestor,
        head,
        appender.blocks(),
        appender.fresh(),
        appender.freshBytes(),
        known && whole,
        known && !whole);
  }
}
