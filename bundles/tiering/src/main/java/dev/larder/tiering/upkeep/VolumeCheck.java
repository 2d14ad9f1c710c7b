package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads all of a volume that nothing is known of, and believes none of it: each block against the
 * SHA-256 that names it, since later puts would refer to it, and each artifact against its digest,
 * since a manifest may name the wrong blocks. Memory is one buffer and the volume's read-ahead.
 */
final class VolumeCheck {

  private static final int BUFFER_BYTES = 256 << 10;

  private final String tier;
  private final Volume volume;
  private final Cancellation cancellation;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  VolumeCheck(String tier, Volume volume, Cancellation cancellation) {
    this.tier = tier;
    this.volume = volume;
    this.cancellation = cancellation;
  }

  /**
   * What was checked.
   *
   * @param artifacts whole ones
   * @param bytes of them
   * @param blocks all
   */
  record Checked(long artifacts, long bytes, long blocks) {}

  /**
   * Checks everything.
   *
   * @throws LarderException {@code CORRUPT}, naming what is not what it should be; {@code
   *     CODEC_MISSING}
   */
  Checked run() throws IOException {
    ScrubReport blocks = volume.scrub(cancellation);
    if (blocks.bad() > 0 || !blocks.findings().isEmpty()) {
      throw refused(blocks.findings().isEmpty() ? "damaged blocks" : blocks.findings().get(0));
    }
    long artifacts = 0;
    long bytes = 0;
    for (ArtifactEntry artifact : volume.artifacts()) {
      Digest found = digest(artifact);
      if (!found.equals(artifact.digest())) {
        throw refused("artifact " + artifact.digest() + " reads as " + found);
      }
      artifacts++;
      bytes += artifact.size();
    }
    return new Checked(artifacts, bytes, blocks.blocks());
  }

  private Digest digest(ArtifactEntry artifact) throws IOException {
    MessageDigest sha256 = sha256();
    try (ReadableByteChannel channel =
        volume.open(volume.manifest(artifact.digest()), 0, artifact.size())) {
      while (channel.read(buffer.clear()) >= 0) {
        cancellation.check();
        sha256.update(buffer.flip());
      }
    }
    return Digest.of(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private LarderException refused(String finding) {
    return new LarderException(
        ErrorCode.CORRUPT,
        "the volume of tier " + tier + " is not imported: " + finding,
        "repair it on the gateway that it comes from, or remove the tier");
  }
}
