package dev.larder.tiering.placement;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockAnnotation;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.Codecs;
import dev.larder.tiering.plugin.BlockKind;
import dev.larder.tiering.plugin.CodecRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes a block in many with every codec that is installed. What a codec gains depends on the
 * content far more than on the codec: a ratio that was seen on one content says nothing beside that
 * of another codec on another content. Any thread.
 */
final class CodecTrials {

  /** The first block of a kind, then one in so many. */
  static final int ONE_IN = 512;

  /** Smaller blocks tell little; larger ones would want a larger buffer. */
  static final int FEWEST_BYTES = 16 << 10;

  static final int MOST_BYTES = 256 << 10;

  /** What the store thinks worth to be encoded: more than this of a block is no gain. */
  private static final double MOST_OF_RAW = 0.97;

  private static final Logger LOG = LoggerFactory.getLogger(CodecTrials.class);

  private final CodecRegistry codecs;
  private final Map<BlockKind, AtomicInteger> seen = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ByteBuffer room; // under the lock

  CodecTrials(CodecRegistry codecs) {
    this.codecs = codecs;
  }

  /** Tries the next block of each kind: a codec has come that may never have been measured. */
  void startAnew() {
    seen.clear();
  }

  /** Tries a block, if it is its turn and no other one is being tried. */
  void offer(BlockKind kind, BlockAnnotation annotation, ByteBuffer block) {
    int length = block.remaining();
    if (length < FEWEST_BYTES || length > MOST_BYTES || !block.isDirect()) {
      return;
    }
    int count = seen.computeIfAbsent(kind, k -> new AtomicInteger()).getAndIncrement();
    if (count % ONE_IN == 0 && lock.tryLock()) {
      try {
        codecs.installed().forEach((name, codec) -> encode(kind, annotation, block, name, codec));
      } finally {
        lock.unlock();
      }
    }
  }

  private void encode(
      BlockKind kind, BlockAnnotation annotation, ByteBuffer block, String name, FormatId codec) {
    if (room == null) {
      room = ByteBuffer.allocateDirect(MOST_BYTES);
    }
    int raw = block.remaining();
    ByteBuffer target = room.clear().limit((int) (raw * MOST_OF_RAW));
    try {
      int bytes = codecs.encode(codec, block, BlockContext.of(annotation), target);
      int stored = bytes == Codecs.DOES_NOT_FIT ? raw : Math.max(1, bytes);
      codecs.meter().encoded(kind, name, raw, stored);
    } catch (IOException e) {
      LOG.debug("{} was not tried", name, e); // it went a moment ago, or its failure is counted
    }
  }
}
