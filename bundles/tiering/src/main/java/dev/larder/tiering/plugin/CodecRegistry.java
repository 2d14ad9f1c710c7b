package dev.larder.tiering.plugin;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.Codec.Effort;
import dev.larder.spi.codec.MalformedBlockException;
import dev.larder.store.Codecs;
import dev.larder.tiering.plugin.PluginRegistry.Handle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The codecs that are installed. Each call leases the codec's generation and takes an encoder or
 * decoder from a pool, which is closed when the generation is drained. A codec that throws what it
 * may not, or breaks its contract, costs the caller a typed error and shows in the health; nothing
 * else.
 *
 * <p>Any thread.
 */
public final class CodecRegistry implements Codecs {

  private static final String ADVICE_FAILED = "update or replace its bundle";

  private final int cores;
  private final LongSupplier nanoTime;
  private final CodecMeter meter = new CodecMeter();
  private final PluginRegistry<PooledCodec> registry;
  private final Map<Codec, PooledCodec> pools = new IdentityHashMap<>(); // under its own lock
  private final Map<Codec, HealthFinding> refused = new IdentityHashMap<>(); // under pools' lock

  /**
   * A registry.
   *
   * @param cores how many idle encoders, and decoders of each format version, are kept of a codec
   * @param drain how long {@link #removed} waits for calls under way
   */
  public CodecRegistry(int cores, Duration drain) {
    this(cores, drain, System::nanoTime);
  }

  /** A registry with another clock to measure codecs by. */
  CodecRegistry(int cores, Duration drain, LongSupplier nanoTime) {
    this.cores = Math.max(1, cores);
    this.nanoTime = nanoTime;
    this.registry = new PluginRegistry<>("codec", drain, PooledCodec::closeIdle);
  }

  /** Publishes a codec. One that cannot say what it is, is refused and reported. */
  public void added(Codec codec, String bundle, int ranking) {
    PooledCodec pool;
    try {
      pool = new PooledCodec(codec, cores);
    } catch (RuntimeException | LinkageError e) {
      synchronized (pools) {
        refused.put(codec, refusal(bundle, e));
      }
      return;
    }
    synchronized (pools) {
      pools.put(codec, pool);
    }
    registry.added(pool.id().name(), pool, bundle, ranking);
  }

  private static HealthFinding refusal(String bundle, Throwable cause) {
    return new HealthFinding(
        Severity.ERROR,
        "codec/" + bundle,
        "was refused, it fails at once: " + cause,
        ADVICE_FAILED);
  }

  /**
   * Withdraws a codec and waits for calls on it, see {@link PluginRegistry#removed}.
   *
   * @return whether it is drained
   */
  public boolean removed(Codec codec) {
    PooledCodec pool;
    synchronized (pools) {
      refused.remove(codec);
      pool = pools.remove(codec);
    }
    return pool == null || registry.removed(pool);
  }

  /**
   * What a codec that is there writes.
   *
   * @param name its short name ({@code zstd}) or its format's name ({@code dev.larder.codec.zstd})
   */
  public Optional<FormatId> find(String name) {
    try (PluginLease<PooledCodec> lease = registry.lease(name).orElse(null)) {
      if (lease != null) {
        return Optional.of(lease.service().id());
      }
    }
    for (String format : registry.names()) {
      try (PluginLease<PooledCodec> lease = registry.lease(format).orElse(null)) {
        if (lease != null && lease.service().shortName().equals(name)) {
          return Optional.of(lease.service().id());
        }
      }
    }
    return Optional.empty();
  }

  /** What is installed: the short name of each codec, and what it writes. */
  public Map<String, FormatId> installed() {
    Map<String, FormatId> installed = new TreeMap<>();
    for (String format : registry.names()) {
      try (PluginLease<PooledCodec> lease = registry.lease(format).orElse(null)) {
        if (lease != null) {
          installed.putIfAbsent(lease.service().shortName(), lease.service().id());
        }
      }
    }
    return installed;
  }

  /** What codecs have been seen to do. */
  public CodecMeter meter() {
    return meter;
  }

  /** All codecs, by the names of their formats, best first. */
  public List<PluginInfo> codecs() {
    return registry.plugins();
  }

  /** Tells of codecs that come and go; they are named by their formats. */
  public Handle listen(PluginListener listener) {
    return registry.listen(listener);
  }

  @Override
  public int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    return encode(codec, Effort.NORMAL, block, context, target);
  }

  @Override
  public int encodeThoroughly(
      FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    return encode(codec, Effort.HIGH, block, context, target);
  }

  private int encode(
      FormatId codec, Effort effort, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    try (PluginLease<PooledCodec> lease =
        registry.lease(codec.name(), pool -> pool.id().equals(codec)).orElse(null)) {
      if (lease == null) {
        throw missing(codec, "write");
      }
      return encode(lease.service(), effort, block, context, target);
    }
  }

  private int encode(
      PooledCodec pool, Effort effort, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    int sourcePosition = block.position();
    int sourceLimit = block.limit();
    int start = target.position();
    int limit = target.limit();
    BlockEncoder encoder = null;
    try {
      encoder = pool.takeEncoder(effort);
      int written = encoder.encode(block, context, target);
      if (written == DOES_NOT_FIT) {
        target.limit(limit).position(start);
      } else if (written < 0 || target.limit() != limit || target.position() != start + written) {
        throw new IllegalStateException("said it wrote " + written + " bytes, but did not");
      }
      BlockEncoder done = encoder;
      encoder = null;
      pool.giveBack(done, effort);
      return written;
    } catch (RuntimeException | LinkageError e) {
      target.limit(limit).position(start);
      throw failure(pool, "encoding a block", e);
    } finally {
      block.limit(sourceLimit).position(sourcePosition);
      pool.closeQuietly(encoder);
    }
  }

  @Override
  public Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes)
      throws IOException {
    try (PluginLease<PooledCodec> lease =
        registry.lease(codec.name(), pool -> pool.id().equals(codec)).orElse(null)) {
      if (lease == null) {
        return Optional.empty();
      }
      try {
        return lease
            .service()
            .codec()
            .train(samples, mostBytes)
            .filter(dictionary -> dictionary.remaining() <= mostBytes);
      } catch (RuntimeException | LinkageError e) {
        throw failure(lease.service(), "making a dictionary", e);
      }
    }
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException {
    int version = codec.version();
    try (PluginLease<PooledCodec> lease = leaseDecoder(codec)) {
      if (lease == null) {
        throw missing(codec, "read");
      }
      decode(lease.service(), version, stored, context, target);
    }
  }

  private @Nullable PluginLease<PooledCodec> leaseDecoder(FormatId codec) throws LarderException {
    try {
      return registry
          .lease(codec.name(), pool -> pool.codec().decodes(codec.version()))
          .orElse(null);
    } catch (RuntimeException | LinkageError e) {
      throw failure(codec.toString(), "asking what it decodes", e);
    }
  }

  private void decode(
      PooledCodec pool, int version, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException {
    int sourcePosition = stored.position();
    int sourceLimit = stored.limit();
    int start = target.position();
    int limit = target.limit();
    BlockDecoder decoder = null;
    try {
      decoder = pool.takeDecoder(version);
      long before = nanoTime.getAsLong();
      decoder.decode(stored, context, target);
      long nanos = nanoTime.getAsLong() - before;
      if (target.position() != limit || target.limit() != limit) {
        throw new MalformedBlockException(
            pool.id() + " decoded " + (target.limit() - target.position()) + " bytes too few");
      }
      BlockDecoder done = decoder;
      decoder = null;
      pool.giveBack(done, version);
      if (context.reference().isEmpty() && context.dictionary().isEmpty()) {
        meter.decoded(pool.shortName(), limit - start, sourceLimit - sourcePosition, nanos);
      }
    } catch (RuntimeException | LinkageError e) {
      throw failure(pool, "decoding a block", e);
    } finally {
      stored.limit(sourceLimit).position(sourcePosition);
      pool.closeQuietly(decoder);
    }
  }

  private static LarderException failure(PooledCodec pool, String doing, Throwable cause) {
    pool.failed(doing, cause);
    return failure(pool.id().toString(), doing, cause);
  }

  private static LarderException failure(String codec, String doing, Throwable cause) {
    return new LarderException(
        ErrorCode.IO_ERROR,
        "codec " + codec + " failed in " + doing + ": " + cause,
        ADVICE_FAILED,
        cause);
  }

  private LarderException missing(FormatId codec, String verb) {
    boolean otherVersion = registry.names().contains(codec.name());
    return new LarderException(
        ErrorCode.CODEC_MISSING,
        otherVersion
            ? "the codec "
                + codec.name()
                + " that is installed does not "
                + verb
                + " format version "
                + codec.version()
            : "the codec " + codec + " is not installed",
        otherVersion
            ? "install a version of its bundle that does; the data is intact"
            : "install its bundle and start it; the data is intact");
  }

  /** Codecs that failed, were refused, or do not end. */
  public List<HealthFinding> health() {
    List<HealthFinding> findings = new ArrayList<>(registry.health());
    synchronized (pools) {
      findings.addAll(refused.values());
      for (PooledCodec pool : pools.values()) {
        long failures = pool.failures();
        if (failures > 0) {
          findings.add(
              new HealthFinding(
                  Severity.WARNING,
                  "codec/" + pool.id().name(),
                  "failed " + failures + " times, last in " + pool.lastFailure(),
                  ADVICE_FAILED));
        }
      }
    }
    return findings;
  }
}
