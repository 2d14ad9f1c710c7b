package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.spi.media.MediumLocation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Stamps;
import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the volumes of tiers: finds the driver, opens the medium, and looks whose volume it is
 * before it is opened. Twins, other volumes than the tier's own and older copies of it are refused;
 * one that this gateway does not know is held apart from all others.
 */
final class VolumeOpener {

  private static final Logger LOG = LoggerFactory.getLogger(VolumeOpener.class);

  private final TierEnvironment environment;
  private final MediumTuning tuning;
  private final Map<UUID, String> attached = new ConcurrentHashMap<>();

  VolumeOpener(TierEnvironment environment) {
    this.environment = environment;
    this.tuning = new MediumTuning(environment.volumes(), environment.probe());
  }

  /**
   * What is to be opened.
   *
   * @param spec of the tier
   * @param known what is known of its volume
   * @param trusted whether a volume that is not known is ours all the same
   * @param mayMake whether a volume may be made where there is none
   */
  record Wish(TierSpec spec, Optional<KnownVolume> known, boolean trusted, boolean mayMake) {}

  /** Opens a tier's volume; the driver's lease goes with it. */
  OpenVolume open(Wish wish) throws IOException {
    TierSpec spec = wish.spec();
    requireItsOwn(wish);
    Optional<DeviceDescription> device = device(spec.location());
    Drivers.Choice choice = environment.drivers().choose(spec.driver(), device);
    OpenVolume opened = null;
    try {
      opened = openMedium(wish, choice, device);
      if (opened.foreign != null && isEmpty(opened.volume)) {
        opened = again(wish, choice, device, opened);
      } else if (opened.foreign != null && isSpareCache(wish, opened.volume)) {
        opened = again(wish, choice, device, opened);
        dropAll(opened.volume);
      }
      if (opened.foreign == null) {
        requireNewest(wish, opened.volume);
        requirePlausible(wish, opened.volume);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      if (opened != null) {
        attached.remove(opened.volume.uuid());
        opened.volume.close();
      }
      choice.lease().close();
      throw typed(wish, e);
    }
  }

  /** There is nothing on it that would have to be imported. */
  private static boolean isEmpty(Volume volume) throws IOException {
    return volume.artifacts().isEmpty()
        && volume.references().isEmpty()
        && volume.statistics().uniqueBlocks() == 0;
  }

  /**
   * Copies that no name on the volume needs, and that may be dropped where a cache is wished for:
   * another gateway's cache, or that of a tier which was removed while it was away.
   */
  private static boolean isSpareCache(Wish wish, Volume volume) {
    return wish.spec().role() == TierRole.CACHE
        && volume.writable()
        && volume.references().isEmpty();
  }

  /** They were not checked: nobody may get to see them. */
  private void dropAll(Volume volume) throws IOException {
    Stamps stamps = environment.volumes().stamps();
    List<Change> drops = new ArrayList<>();
    for (ArtifactEntry artifact : volume.artifacts()) {
      drops.add(new Change.Drop(artifact.digest(), stamps.next()));
    }
    volume.commit(drops);
  }

  private OpenVolume again(
      Wish wish, Drivers.Choice choice, Optional<DeviceDescription> device, OpenVolume apart)
      throws IOException {
    apart.volume.close();
    closed(apart);
    return openMedium(new Wish(wish.spec(), wish.known(), true, false), choice, device);
  }

  void closed(OpenVolume open) {
    attached.remove(open.volume.uuid());
  }

  /** A folder is judged before a driver touches it: it may be a mount point without its medium. */
  private static void requireItsOwn(Wish wish) throws LarderException {
    String location = wish.spec().location();
    if (!isFolder(location)) {
      return;
    }
    Path folder = Path.of(location);
    if (!Files.isDirectory(folder)) {
      throw new LarderException(
          ErrorCode.NOT_FOUND,
          "there is no folder " + location,
          "make it, or mount the medium it is on");
    }
    if (wish.known().isPresent()) {
      requireItsOwn(wish, FolderIdentity.of(folder), FolderIdentity.hasSuperblock(folder));
    }
  }

  private static void requireItsOwn(Wish wish, Optional<VolumeIdentity> found, boolean superblock)
      throws LarderException {
    UUID uuid = wish.known().orElseThrow().uuid();
    String location = wish.spec().location();
    if (found.isEmpty() && !superblock) {
      throw new LarderException(
          ErrorCode.TIER_ABSENT,
          "there is no volume at " + location + ": its medium is not there",
          "plug it in or mount it, anywhere; it is found by itself");
    }
    if (found.isPresent() && !found.get().volume().equals(uuid)) {
      throw new LarderException(
          ErrorCode.TIER_ABSENT,
          location
              + " holds another volume ("
              + found.get().volume()
              + ") than that of this tier ("
              + uuid
              + ")",
          "plug the tier's medium in, or add the other one as a tier of its own from elsewhere");
    }
  }

  private static void requireNewest(Wish wish, Volume volume) throws LarderException {
    KnownVolume known = wish.known().orElse(null);
    if (known != null && known.isNewerThan(volume.epoch(), volume.lastSequence())) {
      throw new LarderException(
          ErrorCode.TIER_ABSENT,
          "the volume at "
              + wish.spec().location()
              + " is an older copy of this tier's: it ends at change "
              + volume.lastSequence()
              + " of epoch "
              + volume.epoch()
              + ", and change "
              + known.sequence()
              + " of epoch "
              + known.epoch()
              + " was seen",
          "attach the original; if that is lost: 'larder tier rm "
              + wish.spec().name()
              + " --forget', then add the copy and import it");
    }
  }

  /** What has stamps that this gateway does not follow could never be changed by it any more. */
  private void requirePlausible(Wish wish, Volume volume) throws LarderException {
    long followed = environment.volumes().stamps().lamport();
    long highest =
        volume.references().stream().mapToLong(change -> change.stamp().lamport()).max().orElse(0);
    if (highest > followed) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          "the volume at "
              + wish.spec().location()
              + " has changes with the counter "
              + highest
              + ", where no gateway gets",
          "do not trust this medium; make a new volume on it");
    }
  }

  private OpenVolume openMedium(
      Wish wish, Drivers.Choice choice, Optional<DeviceDescription> device) throws IOException {
    TierSpec spec = wish.spec();
    Medium medium =
        choice
            .lease()
            .service()
            .open(
                new MediumLocation(
                    spec.location(),
                    device,
                    spec.capacity(),
                    TierOptions.forDriver(spec),
                    () -> deviceNow(spec.location())));
    UUID reserved = null;
    boolean done = false;
    try {
      Optional<VolumeIdentity> found = VolumeIdentity.read(medium);
      if (wish.known().isPresent()) {
        requireItsOwn(wish, found, hasSuperblock(medium));
      }
      if (!wish.mayMake() && !hasSuperblock(medium)) {
        throw new LarderException(
            ErrorCode.INVALID_ARGUMENT,
            "the folder " + spec.location() + " is not empty and holds no volume of Larder",
            "name an empty folder, so that nothing of others is touched");
      }
      if (found.isPresent()) {
        reserved = reserve(found.get().volume(), spec);
      }
      OpenVolume opened = openVolume(wish, medium, choice, device, found);
      if (reserved == null) {
        reserve(opened.volume.uuid(), spec);
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        if (reserved != null) {
          attached.remove(reserved);
        }
        medium.close();
      }
    }
  }

  private UUID reserve(UUID volume, TierSpec spec) throws LarderException {
    String other = attached.putIfAbsent(volume, spec.name());
    if (other != null) {
      throw twin(volume, other);
    }
    return volume;
  }

  /** Until it is checked, a volume of others must not move this gateway's counters. */
  private OpenVolume openVolume(
      Wish wish,
      Medium medium,
      Drivers.Choice choice,
      Optional<DeviceDescription> device,
      Optional<VolumeIdentity> found)
      throws IOException {
    String name = device.map(DeviceDescription::device).orElse("");
    boolean ours = wish.known().map(KnownVolume::imported).orElse(wish.trusted());
    if (ours || found.isEmpty()) {
      boolean recognised = choice.recognition().isPresent();
      Optional<Measurement> news = tuning.tune(medium, found, recognised, wish.spec().options());
      Volume volume = Volume.open(medium, environment.volumes());
      news.ifPresent(measured -> keep(volume, measured));
      return new OpenVolume(volume, choice.lease(), name, null);
    }
    Volume volume = Volume.open(medium, environment.apart());
    return new OpenVolume(volume, choice.lease(), name, found.get());
  }

  private static void keep(Volume volume, Measurement measured) {
    try {
      volume.keep(measured);
    } catch (IOException e) {
      LOG.warn(
          "what was measured is not kept on volume {}; it is measured again", volume.uuid(), e);
    }
  }

  private static boolean hasSuperblock(Medium medium) throws IOException {
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      if (medium.readSuperblock(copy).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** A medium that has a volume and does not even give its superblock is as good as gone. */
  private static IOException typed(Wish wish, Exception e) {
    TierSpec spec = wish.spec();
    if (e instanceof LarderException typed) {
      String message = String.valueOf(typed.getMessage());
      return message.contains(spec.location())
          ? typed
          : new LarderException(
              typed.code(), spec.location() + ": " + message, typed.advice(), typed);
    }
    if (e instanceof IllegalArgumentException) {
      return new LarderException(
          ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), "see the driver's page", e);
    }
    if (e instanceof MediumFullException) {
      return new LarderException(
          ErrorCode.TIER_FULL,
          "the medium at " + spec.location() + " has no room for a volume: " + e.getMessage(),
          "remove what is not needed on it, or use another medium",
          e);
    }
    boolean absent =
        e instanceof MediumGoneException || (e instanceof IOException && wish.known().isPresent());
    ErrorCode code = absent ? ErrorCode.TIER_ABSENT : ErrorCode.IO_ERROR;
    return new LarderException(
        code,
        "the volume at " + spec.location() + " cannot be opened: " + e.getMessage(),
        "check the medium; it is tried again",
        e);
  }

  /** The refusal of a second volume with a UUID that is attached already. */
  static LarderException twin(UUID volume, String other) {
    return new LarderException(
        ErrorCode.ALREADY_EXISTS,
        "volume "
            + volume
            + " is attached already, as tier "
            + other
            + ": this one is a copy of it",
        "detach the other one first; two copies of one volume would drift apart");
  }

  /** Name of the tier that has a volume open. */
  @Nullable String holder(UUID volume) {
    return attached.get(volume);
  }

  private Optional<DeviceDescription> device(String location) throws IOException {
    return isFolder(location) ? environment.devices().below(Path.of(location)) : Optional.empty();
  }

  private Optional<DeviceDescription> deviceNow(String location) {
    try {
      return device(location);
    } catch (IOException e) {
      LOG.debug("the device below {} cannot be looked at", location, e);
      return Optional.empty();
    }
  }

  /** Whether a location is a folder and not an address that only its driver understands. */
  static boolean isFolder(String location) {
    return !location.contains("://");
  }
}
