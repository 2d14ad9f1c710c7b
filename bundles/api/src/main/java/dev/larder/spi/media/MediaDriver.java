package dev.larder.spi.media;

import dev.larder.api.FormatId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows one type of medium. Registered as an OSGi service with the property {@link #NAME}.
 *
 * <p>A driver starts no threads and keeps no state but that of the media it has opened. All methods
 * may be called by many threads at once. A call that takes longer than the core allows is abandoned
 * and the volume is marked degraded.
 */
@ConsumerType
public interface MediaDriver {

  /** Service property: the driver's short name, as in {@code tier add --driver}. */
  String NAME = "larder.media";

  /** Unique name and version of what it lays out on a medium. */
  FormatId id();

  /** Short name, the same as the service property. */
  String name();

  /**
   * Judges a described device without touching it.
   *
   * @return empty if it is none of this driver's
   */
  Optional<Recognition> recognise(DeviceDescription device);

  /**
   * Starts to report devices that come and go, for media that the core does not see among the
   * mounted file systems.
   *
   * @param sink told of each arrival and removal, on the executor
   * @param executor the core's; the driver starts no threads
   * @return ends the reports when closed; no call to the sink begins afterwards
   */
  default AutoCloseable watch(DeviceSink sink, Executor executor) throws IOException {
    return () -> {};
  }

  /**
   * Opens the volume on a medium and takes an exclusive lock on it that ends with the process.
   * Makes the folder or its like if there is none. Does not look at packs.
   *
   * @throws dev.larder.api.LarderException with code {@code LOCKED} if another process holds it,
   *     {@code READ_ONLY} is not thrown: see {@link Medium#writable()}
   */
  Medium open(MediumLocation location) throws IOException;
}
