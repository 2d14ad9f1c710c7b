package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.tiering.tier.TierUse;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A channel on one replica, with the use of its tier. */
final class ReplicaChannel implements Closeable {

  private final TierUse use;
  private final Digest digest;
  private final ReadableByteChannel channel;

  private ReplicaChannel(TierUse use, Digest digest, ReadableByteChannel channel) {
    this.use = use;
    this.digest = digest;
    this.channel = channel;
  }

  /** Opens a range; keeps a use of its own. */
  static ReplicaChannel open(TierUse found, Digest digest, long offset, long length)
      throws IOException {
    TierUse own = found.tier().tryUse().orElseThrow(() -> found.tier().unusable());
    try {
      return new ReplicaChannel(
          own, digest, own.volume().open(own.volume().manifest(digest), offset, length));
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** Whether its tier wants to close the volume. */
  boolean isStale() {
    return use.isStale();
  }

  void failed(Exception e) {
    use.failed(e);
  }

  /** Reads at least one byte. */
  int read(ByteBuffer target) throws IOException {
    int read = channel.read(target);
    if (read < 0) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          "artifact " + digest + " ends too early on tier " + use.tier().name(),
          "run 'larder scrub'");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    try (use) {
      channel.close();
    }
  }
}
