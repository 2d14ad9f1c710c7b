package dev.larder.spi.chunking;

import dev.larder.api.FormatId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Cuts artifacts into blocks. Registered as an OSGi service with the property {@link #NAME}. May be
 * used by many threads at once; a cutter by one.
 *
 * <p>Blocks are found again by their content alone, so a chunker is needed for writing only.
 */
@ConsumerType
public interface Chunker {

  /** Service property: the chunker's short name. */
  String NAME = "larder.chunker";

  /** Unique name and version of its way of cutting; stored with each artifact. */
  FormatId id();

  /** Short name, the same as the service property. */
  String name();

  /**
   * How well it suits a content. The highest wins, then the lower name.
   *
   * @return 0 (not at all) to 100 (knows exactly this format); {@code fixed} says 1
   */
  int suitability(ContentProbe probe);

  /**
   * Starts to cut.
   *
   * @param probe the content
   * @param parameters as {@link BlockCutter#parameters()} gave them; empty for its own choice
   * @throws IllegalArgumentException if the parameters are not its own, or out of range
   */
  BlockCutter newCutter(ContentProbe probe, String parameters);
}
