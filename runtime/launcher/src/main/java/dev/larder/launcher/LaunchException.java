package dev.larder.launcher;

/** The gateway cannot start. The message is one line for people: what, why, what to do. */
final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
