package dev.larder.spi.media;

import java.io.IOException;

/** The medium was taken away. It may come back; what was opened on it does not. */
public final class MediumGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A medium that is gone. */
  public MediumGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
