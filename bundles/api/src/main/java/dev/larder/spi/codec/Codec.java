package dev.larder.spi.codec;

import dev.larder.api.FormatId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns a block into its stored form and back. Registered as an OSGi service with the property
 * {@link #NAME}.
 *
 * <p>The codec itself may be used by many threads at once. Encoders and decoders may not: the core
 * pools them, one for each of its workers, and closes them before it lets the codec go. A codec
 * starts no threads and keeps no thread-locals.
 */
@ConsumerType
public interface Codec {

  /** Service property: the codec's short name. */
  String NAME = "larder.codec";

  /** The largest block: 4 MiB. */
  int MAX_BLOCK_BYTES = 4 << 20;

  /** What it writes. */
  FormatId id();

  /** Short name, the same as the service property. */
  String name();

  /** Whether it reads blocks written by this version of its format. */
  default boolean decodes(int formatVersion) {
    return formatVersion == id().version();
  }

  /** What else it can use. */
  default Set<Feature> features() {
    return Set.of();
  }

  /**
   * Bytes that the stored form of a block can take at the most.
   *
   * @param rawLength 1 to {@link #MAX_BLOCK_BYTES}
   */
  int maxEncodedLength(int rawLength);

  /** A new encoder. */
  BlockEncoder newEncoder(Effort effort);

  /** A new decoder for a version that it {@link #decodes}. */
  BlockDecoder newDecoder(int formatVersion);

  /**
   * Makes a dictionary of samples, if it has {@link Feature#DICTIONARY}. Takes a fraction of a
   * second.
   *
   * @param samples small blocks of one kind, some hundred KiB in all
   * @param mostBytes the dictionary is no longer
   * @return empty if they have too little in common, or are too few
   */
  default Optional<ByteBuffer> train(List<ByteBuffer> samples, int mostBytes) throws IOException {
    return Optional.empty();
  }

  /** What a codec can use beside the block itself. */
  enum Feature {
    /** A reference block: it writes deltas. */
    REFERENCE,
    /** A dictionary. */
    DICTIONARY
  }

  /** How much time encoding may take. */
  enum Effort {
    /** For a put that someone waits for. */
    NORMAL,
    /** For cold data re-encoded while idle. */
    HIGH
  }
}
