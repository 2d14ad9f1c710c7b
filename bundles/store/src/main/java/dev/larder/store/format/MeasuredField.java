package dev.larder.store.format;

import dev.larder.spi.media.Measurement;
import dev.larder.store.Measured;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The field of a superblock that holds what a probe has found. */
final class MeasuredField {

  private static final int FIGURES = 6 * Long.BYTES + 3 * Integer.BYTES;
  private static final int MOST_NAME = 4 * Measured.MOST_NAME;

  private MeasuredField() {}

  static ByteBuffer encode(Measured measured) {
    Measurement found = measured.found();
    byte[] name = measured.medium().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIGURES + name.length)
        .putLong(measured.gateway().getMostSignificantBits())
        .putLong(measured.gateway().getLeastSignificantBits())
        .putDouble(found.readLatencyMicros())
        .putLong(found.readBytesPerSecond())
        .putLong(found.writeBytesPerSecond())
        .putDouble(found.forceMicros())
        .putInt(found.randomReadsPerSecond())
        .putInt(found.queueDepth())
        .putInt(found.extentBytes())
        .put(name)
        .flip();
  }

  /** Empty if it cannot be true: then it is measured anew. */
  static Optional<Measured> decode(ByteBuffer in) {
    if (in.remaining() < FIGURES || in.remaining() > FIGURES + MOST_NAME) {
      return Optional.empty();
    }
    UUID gateway = new UUID(in.getLong(), in.getLong());
    double latency = in.getDouble();
    long readRate = in.getLong();
    long writeRate = in.getLong();
    double force = in.getDouble();
    int randomReads = in.getInt();
    int depth = in.getInt();
    int extent = in.getInt();
    String name = StandardCharsets.UTF_8.decode(in).toString();
    try {
      Measurement found =
          new Measurement(latency, readRate, writeRate, randomReads, force, depth, extent);
      return Optional.of(new Measured(gateway, name, found));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
