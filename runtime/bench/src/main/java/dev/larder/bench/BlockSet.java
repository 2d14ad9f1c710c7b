package dev.larder.bench;

import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.codec.BlockContext;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a chunker makes of some contents, each block once.
 *
 * @param bytes of all blocks
 * @param unique different blocks
 */
record BlockSet(long bytes, List<Block> unique) {

  /**
   * A block.
   *
   * @param bytes its content; position and limit stay
   * @param context what the chunker says of it
   */
  record Block(ByteBuffer bytes, BlockContext context) {
    int length() {
      return bytes.remaining();
    }
  }

  /** Cuts contents and finds the blocks that repeat. */
  static BlockSet of(List<Content> contents, Chunker chunker) throws CliException {
    MessageDigest sha256 = sha256();
    Set<Digest> seen = new HashSet<>();
    List<Block> unique = new ArrayList<>();
    for (Content content : contents) {
      content.cut(
          chunker,
          (bytes, annotation) -> {
            sha256.update(bytes.duplicate());
            if (seen.add(Digest.of(sha256.digest()))) {
              unique.add(new Block(bytes, BlockContext.of(annotation)));
            }
          });
    }
    return new BlockSet(contents.stream().mapToLong(c -> c.bytes().limit()).sum(), unique);
  }

  /** Bytes of the different blocks. */
  long uniqueBytes() {
    return unique.stream().mapToLong(Block::length).sum();
  }

  /** Length of the longest block. */
  int longest() {
    return unique.stream().mapToInt(Block::length).max().orElse(0);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
