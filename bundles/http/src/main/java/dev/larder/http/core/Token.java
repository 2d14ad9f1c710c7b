package dev.larder.http.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secret that requests must bring. */
public final class Token {

  private static final int BITS = 256;
  private static final int MAX_LENGTH = 4_096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final byte[] secret;

  private Token(byte[] secret) {
    this.secret = secret;
  }

  /** A token of this text. */
  public static Token of(String text) {
    return new Token(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the token from a file that only its owner may read; makes one of 256 random bits if there
   * is none. Rights that are too wide are taken away.
   */
  public static Token load(Path file) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
    if (Files.size(file) > MAX_LENGTH) {
      throw new IOException(file + " is too long for a token");
    }
    String text = Files.readString(file).strip();
    if (text.length() < 16) {
      throw new IOException(file + " holds no token: delete it and a new one is made");
    }
    return of(text);
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[BITS / 8];
    new SecureRandom().nextBytes(random);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    Files.createDirectories(folder);
    Path temporary = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    FileAttribute<?> rights = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    try (FileChannel channel =
        FileChannel.open(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
      String text = HexFormat.of().formatHex(random) + "\n";
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether a text is the token; takes as long whatever the text. */
  public boolean matches(String text) {
    return MessageDigest.isEqual(secret, text.getBytes(StandardCharsets.UTF_8));
  }
}
