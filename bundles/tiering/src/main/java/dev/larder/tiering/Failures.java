package dev.larder.tiering;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;

/** Gives failures from below their codes. */
final class Failures {

  private Failures() {}

  /** Something that may fail in any way. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs it; whatever comes out is typed. */
  static <T> T typed(String what, Call<T> call) throws LarderException {
    try {
      return call.run();
    } catch (LarderException e) {
      throw e;
    } catch (IOException e) {
      throw new LarderException(code(e), what + " failed: " + reason(e), "", e);
    } catch (CancellationException e) {
      throw new LarderException(ErrorCode.UNAVAILABLE, what + " was cut off", "try again", e);
    } catch (IllegalArgumentException e) {
      throw new LarderException(ErrorCode.INVALID_ARGUMENT, what + ": " + e.getMessage(), "", e);
    }
  }

  private static ErrorCode code(IOException e) {
    if (e instanceof MediumGoneException) {
      return ErrorCode.TIER_ABSENT;
    }
    if (e instanceof MediumFullException) {
      return ErrorCode.TIER_FULL;
    }
    return e instanceof NoSuchFileException ? ErrorCode.NOT_FOUND : ErrorCode.IO_ERROR;
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied: " + e.getMessage();
    }
    if (e instanceof NoSuchFileException) {
      return "no such file: " + e.getMessage();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
