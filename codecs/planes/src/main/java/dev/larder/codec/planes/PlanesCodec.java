package dev.larder.codec.planes;

import com.github.luben.zstd.Zstd;
import dev.larder.api.FormatId;
import dev.larder.spi.codec.BlockDecoder;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import java.util.Set;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Numbers as planes: the first bytes of all of them, then the second ones, and so on, each plane a
 * Zstandard frame of its own (RFC 8878) or raw where that does not pay. Of weights the sign and the
 * mantissa are noise, and the exponents take few values: together in a plane of their own they are
 * coded with two or three bits. The idea is that of ZipNN (Hershcovitch and others, "ZipNN:
 * Lossless Compression for AI Models", 2024); for the form see {@link Layout}.
 *
 * <p>Size and phase of the numbers are found in each block. What is not made of numbers becomes one
 * frame, so a wrong guess costs no more than a byte beside plain Zstandard.
 *
 * <p>Against a reference block, the smallest of three is taken: the difference of the numbers as
 * integers in the order of their values, their exclusive or, or a frame with the reference in
 * front. For the first two the reference is laid so that it fits the block, see {@link Alignment}.
 */
@Capability(namespace = Codec.NAME, name = PlanesCodec.SHORT_NAME, version = "1.0.0")
@Component(service = Codec.class, property = Codec.NAME + "=" + PlanesCodec.SHORT_NAME)
public final class PlanesCodec implements Codec {

  static final String SHORT_NAME = "planes";

  private static final FormatId ID = new FormatId("dev.larder.codec.planes", 2);

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  /** Version 1 had no pieces of a reference that lie elsewhere. */
  @Override
  public boolean decodes(int formatVersion) {
    return formatVersion == 1 || formatVersion == 2;
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.REFERENCE);
  }

  @Override
  public int maxEncodedLength(int rawLength) {
    return Layout.MOST_HEADER_BYTES + Math.toIntExact(Zstd.compressBound(rawLength));
  }

  @Override
  public BlockEncoder newEncoder(Effort effort) {
    return new PlanesEncoder(effort);
  }

  @Override
  public BlockDecoder newDecoder(int formatVersion) {
    if (!decodes(formatVersion)) {
      throw new IllegalArgumentException("no version of planes: " + formatVersion);
    }
    return new PlanesDecoder();
  }
}
