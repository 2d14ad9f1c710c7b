package dev.larder.tiering;

import dev.larder.api.LarderException;
import java.util.Optional;

/** How the services get at the gateway, which opens in the background. */
interface Access {

  /**
   * The gateway; waits for its opening, for a bounded time.
   *
   * @throws LarderException {@code UNAVAILABLE}, or why it cannot be opened
   */
  Gateway gateway() throws LarderException;

  /** The gateway, if it is open. */
  Optional<Gateway> ifOpen();

  /** Why it cannot be opened, if so. */
  Optional<LarderException> failure();

  /** Whether everything that is installed was registered. */
  boolean pluginsSettled();
}
