package dev.larder.cli.gateway;

import dev.larder.cli.CliException;
import java.io.IOException;

/** What was to be sent could not be read: the fault is on this side, not the gateway's. */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;
  private final CliException reason;

  /** Wraps what the user is to be told. */
  public SourceException(CliException reason) {
    super(reason.getMessage(), reason);
    this.reason = reason;
  }

  /** What the user is to be told. */
  public CliException reason() {
    return reason;
  }
}
