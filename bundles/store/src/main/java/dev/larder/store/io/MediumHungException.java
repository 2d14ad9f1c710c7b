package dev.larder.store.io;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.time.Duration;

/**
 * A medium has not answered for so long that nobody waits any more. What was to be filled may still
 * be written to by the read that hangs: it must not be used again.
 */
public final class MediumHungException extends LarderException {

  private static final long serialVersionUID = 1L;

  MediumHungException(String volume, Duration since) {
    super(
        ErrorCode.IO_ERROR,
        volume + " has not answered for " + since.toMillis() + " ms",
        "check the device and how it is connected; it is used again as soon as it answers");
  }
}
