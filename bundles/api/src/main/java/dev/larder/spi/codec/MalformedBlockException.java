package dev.larder.spi.codec;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stored form that does not decode to its block. */
public final class MalformedBlockException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A malformed block. */
  public MalformedBlockException(String message) {
    this(message, null);
  }

  /** A malformed block, as a library found out. */
  public MalformedBlockException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
