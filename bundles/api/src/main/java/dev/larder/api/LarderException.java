package dev.larder.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request that failed. The message says what failed and where; {@link #advice()} what to do about
 * it.
 *
 * <p>It is an {@link IOException} so that it passes through streams and channels unwrapped.
 */
public class LarderException extends IOException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String advice;

  /** A failure without another behind it. */
  public LarderException(ErrorCode code, String message, String advice) {
    this(code, message, advice, null);
  }

  /**
   * A failure.
   *
   * @param code stable code
   * @param message what failed and where, one line, no trailing full stop
   * @param advice what to do, one line; empty if there is nothing
   * @param cause what is behind it, if anything
   */
  public LarderException(ErrorCode code, String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.advice = advice;
  }

  /** An argument that is not of its form. */
  public static LarderException invalid(String message) {
    return new LarderException(ErrorCode.INVALID_ARGUMENT, message, "");
  }

  /** Something that is not there. */
  public static LarderException notFound(String message, String advice) {
    return new LarderException(ErrorCode.NOT_FOUND, message, advice);
  }

  /** Stable code. */
  public ErrorCode code() {
    return code;
  }

  /** What to do; may be empty. */
  public String advice() {
    return advice;
  }

  /** Message and advice in one line. */
  public String describe() {
    String message = String.valueOf(getMessage());
    return advice.isEmpty() ? message : message + "; " + advice;
  }
}
