package dev.larder.spi.media;

import java.io.IOException;

/** The medium has no room for what was to be written. Nothing that was there before is harmed. */
public final class MediumFullException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A full medium. */
  public MediumFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
