package dev.larder.tiering.plugin;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.Codec.Effort;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A codec with its idle encoders and decoders: at most one of each kind per core is kept, because
 * they hold memory outside the heap. Any thread.
 */
final class PooledCodec {

  private final Codec codec;
  private final FormatId id;
  private final String shortName;
  private final int cores;
  private final Queue<BlockEncoder> encoders;
  private final Queue<BlockEncoder> thorough = new ArrayBlockingQueue<>(1);
  private final Map<Integer, Queue<BlockDecoder>> decoders = new ConcurrentHashMap<>();
  private final LongAdder failures = new LongAdder();
  private volatile String lastFailure = "";

  PooledCodec(Codec codec, int cores) {
    this.codec = codec;
    this.id = codec.id();
    this.shortName = codec.name();
    this.cores = cores;
    this.encoders = new ArrayBlockingQueue<>(cores);
  }

  Codec codec() {
    return codec;
  }

  FormatId id() {
    return id;
  }

  String shortName() {
    return shortName;
  }

  BlockEncoder takeEncoder(Effort effort) {
    BlockEncoder idle = idle(effort).poll();
    return idle != null ? idle : codec.newEncoder(effort);
  }

  void giveBack(BlockEncoder encoder, Effort effort) {
    if (!idle(effort).offer(encoder)) {
      encoder.close();
    }
  }

  private Queue<BlockEncoder> idle(Effort effort) {
    return effort == Effort.HIGH ? thorough : encoders;
  }

  BlockDecoder takeDecoder(int version) {
    BlockDecoder idle = decoders(version).poll();
    return idle != null ? idle : codec.newDecoder(version);
  }

  void giveBack(BlockDecoder decoder, int version) {
    if (!decoders(version).offer(decoder)) {
      decoder.close();
    }
  }

  private Queue<BlockDecoder> decoders(int version) {
    Queue<BlockDecoder> known = decoders.get(version); // no lambda on the usual way
    return known != null
        ? known
        : decoders.computeIfAbsent(version, v -> new ArrayBlockingQueue<>(cores));
  }

  /** Closes what is idle. Nothing of a generation is in use once it is drained. */
  void closeIdle() {
    for (Queue<BlockEncoder> queue : List.of(encoders, thorough)) {
      for (BlockEncoder encoder = queue.poll(); encoder != null; encoder = queue.poll()) {
        closeQuietly(encoder);
      }
    }
    for (Queue<BlockDecoder> queue : decoders.values()) {
      for (BlockDecoder decoder = queue.poll(); decoder != null; decoder = queue.poll()) {
        closeQuietly(decoder);
      }
    }
  }

  /** Closes an encoder or decoder of a plug-in, whose failure is only counted. */
  void closeQuietly(@Nullable AutoCloseable coder) {
    if (coder == null) {
      return;
    }
    try {
      coder.close();
    } catch (Exception | LinkageError e) {
      failed("closing", e);
    }
  }

  void failed(String doing, Throwable cause) {
    lastFailure = doing + ": " + cause;
    failures.increment();
  }

  long failures() {
    return failures.sum();
  }

  String lastFailure() {
    return lastFailure;
  }
}
