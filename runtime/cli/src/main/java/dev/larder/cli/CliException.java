package dev.larder.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * A command that failed, as the user is told: what and why, what to do, and a code that never
 * changes.
 */
public final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Exit status of a command that failed. */
  public static final int FAILED = 1;

  /** Exit status of wrong usage. */
  public static final int USAGE = 2;

  private final String code;
  private final String message;
  private final String advice;
  private final int status;
  private final String details;

  private CliException(int status, String code, String message, String advice, JsonObject details) {
    super(oneLine(message), null, false, false);
    this.status = status;
    this.code = code;
    this.message = oneLine(message);
    this.advice = oneLine(advice);
    this.details = details.toString();
  }

  /** Something did not work: exit status 1. */
  public CliException(String code, String message, String advice) {
    this(FAILED, code, message, advice, new JsonObject());
  }

  /**
   * The same, with a document whose fields go into the {@code --json} error beside {@code code},
   * {@code message} and {@code advice}.
   */
  public CliException(String code, String message, String advice, JsonObject details) {
    this(FAILED, code, message, advice, details);
  }

  /** The command line makes no sense: exit status 2. */
  public static CliException usage(String message, String advice) {
    return new CliException(USAGE, "INVALID_ARGUMENT", message, advice, new JsonObject());
  }

  /** Exit status of the process. */
  public int status() {
    return status;
  }

  /** Stable code. */
  public String code() {
    return code;
  }

  /** Message and advice in one line. */
  public String describe() {
    return advice.isEmpty() ? message : message + "; " + advice;
  }

  /** What {@code --json} prints. */
  public JsonObject toJson() {
    JsonObject document = JsonParser.parseString(details).getAsJsonObject();
    document.addProperty("code", code);
    document.addProperty("message", message);
    document.addProperty("advice", advice);
    return document;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
  }
}
