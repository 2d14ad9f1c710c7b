package dev.larder.api;

import org.osgi.annotation.versioning.ProviderType;

/** Figures. */
@ProviderType
public interface StatisticsService {

  /** Since the start. */
  Statistics current();

  /**
   * Counters and latencies since a mark; the last 64 marks are kept.
   *
   * @throws LarderException {@link ErrorCode#NOT_FOUND} if the mark is not known
   */
  Statistics since(String mark) throws LarderException;
}
