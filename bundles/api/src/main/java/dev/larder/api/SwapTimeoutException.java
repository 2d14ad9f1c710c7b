package dev.larder.api;

import java.time.Duration;

/**
 * The load takes longer than the caller would wait. It goes on and ends as a cached artifact, with
 * no flip and no lease.
 */
public final class SwapTimeoutException extends LarderException {

  private static final long serialVersionUID = 1L;

  private final long loadedBytes;
  private final long totalBytes;

  /**
   * A timeout with the load's progress.
   *
   * @param what reference or digest
   * @param timeout what the caller would wait
   * @param loadedBytes bytes of the artifact that are in the RAM cache
   * @param totalBytes size of the artifact
   */
  public SwapTimeoutException(String what, Duration timeout, long loadedBytes, long totalBytes) {
    super(
        ErrorCode.SWAP_TIMEOUT,
        "swap of "
            + what
            + " did not finish within "
            + timeout.toMillis()
            + " ms: "
            + loadedBytes
            + " of "
            + totalBytes
            + " bytes loaded",
        "the load goes on; try again, or allow more time with --timeout");
    this.loadedBytes = loadedBytes;
    this.totalBytes = totalBytes;
  }

  /** Bytes of the artifact that were in the RAM cache. */
  public long loadedBytes() {
    return loadedBytes;
  }

  /** Size of the artifact. */
  public long totalBytes() {
    return totalBytes;
  }
}
