package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.store.VolumeContext;
import dev.larder.store.VolumeIdentity;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tunes a medium before its volume is opened: by what its volume says that this gateway has found,
 * else by a probe. A driver that was chosen by hand for a device that it does not recognise stays
 * at its named profile, since that is what was asked for.
 *
 * <p>Option {@code probe} of a tier: {@code true} measures with any driver, {@code false} never.
 */
final class MediumTuning {

  private static final String OPTION = "probe";

  private final VolumeContext context;
  private final boolean wanted;

  /**
   * For volumes of this gateway.
   *
   * @param wanted whether media are probed at all
   */
  MediumTuning(VolumeContext context, boolean wanted) {
    this.context = context;
    this.wanted = wanted;
  }

  /**
   * Tunes a medium.
   *
   * @param found the volume on it, if there is one
   * @param recognised whether the driver knows the device
   * @return what was measured now, to be kept on the volume; empty if nothing was
   */
  Optional<Measurement> tune(
      Medium medium,
      Optional<VolumeIdentity> found,
      boolean recognised,
      Map<String, String> options)
      throws IOException {
    UUID gateway = context.stamps().gateway();
    if (!asked(options, recognised)) {
      return Optional.empty();
    }
    Optional<Measurement> known = found.flatMap(volume -> volume.measuredBy(gateway, medium));
    if (known.isPresent()) {
      medium.tune(known.get());
      return Optional.empty();
    }
    // What another gateway wrote last keeps no measurement of ours: it would be probed time and
    // again.
    boolean keeps = found.map(volume -> volume.writer().equals(gateway)).orElse(true);
    if (!keeps || !medium.writable()) {
      return Optional.empty();
    }
    Measurement now = medium.probe(context.workers(), Cancellation.NEVER);
    medium.tune(now);
    return Optional.of(now).filter(measured -> !measured.equals(Measurement.NONE));
  }

  private boolean asked(Map<String, String> options, boolean recognised) throws LarderException {
    String option = options.getOrDefault(OPTION, "");
    return switch (option) {
      case "" -> wanted && recognised;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw LarderException.invalid("option probe is true or false, not '" + option + "'");
    };
  }
}
