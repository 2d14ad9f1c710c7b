package dev.larder.codec.lz4;

import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import net.jpountz.lz4.LZ4Factory;
import org.osgi.annotation.bundle.Capability;

/**
 * Each block in LZ4's block format: fast, for telemetry, text and media faster than a core. Weights
 * of models gain nothing by it.
 *
 * <p>It runs on the native library, and where that cannot be loaded (no library for this CPU, a
 * folder for temporary files mounted {@code noexec}) on plain Java at a sixth of the speed; {@link
 * #nativeLibrary()} tells. Neither trusts what it decodes: only the library's safe decompressor is
 * used.
 */
@Capability(namespace = Codec.NAME, name = Lz4Codec.SHORT_NAME, version = "1.0.0")
public final class Lz4Codec implements Codec {

  /** The value of {@link Codec#NAME}. */
  public static final String SHORT_NAME = "lz4";

  /** Service property: whether the native library is in use. */
  public static final String NATIVE = "larder.codec.native";

  private static final FormatId ID = new FormatId("dev.larder.codec.lz4", 1);

  private final LZ4Factory factory;
  private final boolean nativeLibrary;

  /** On the native library, or on plain Java. */
  public Lz4Codec() {
    this(true);
  }

  /** On plain Java if the native library is not wanted. */
  Lz4Codec(boolean nativeWanted) {
    LZ4Factory chosen = null;
    if (nativeWanted) {
      try {
        chosen = LZ4Factory.nativeInstance();
      } catch (LinkageError e) {
        chosen = null;
      }
    }
    this.nativeLibrary = chosen != null;
    this.factory = chosen != null ? chosen : LZ4Factory.safeInstance();
  }

  /** False if it runs on plain Java. */
  public boolean nativeLibrary() {
    return nativeLibrary;
  }

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public int maxEncodedLength(int rawLength) {
    return factory.fastCompressor().maxCompressedLength(rawLength);
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new Lz4Encoder(
        effort == Effort.HIGH ? factory.highCompressor() : factory.fastCompressor());
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    if (!decodes(formatVersion)) {
      throw new IllegalArgumentException("no version of LZ4 blocks: " + formatVersion);
    }
    return new Lz4Decoder(factory.safeDecompressor());
  }
}
