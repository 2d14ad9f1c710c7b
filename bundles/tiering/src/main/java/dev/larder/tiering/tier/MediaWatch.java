package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.api.TierState;
import dev.larder.spi.media.DeviceDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices media that are taken away while nobody uses them, and finds the volumes of tiers that are
 * away wherever they come back: at their old place, or below any mount point. One look at a time;
 * any thread.
 */
public final class MediaWatch {

  private static final Logger LOG = LoggerFactory.getLogger(MediaWatch.class);

  /** The folder that a medium has which is taken by itself. */
  private static final String FOLDER = "larder";

  /** What the kernel mounts for itself, and what would mount something if it were looked at. */
  private static final Set<String> NO_MEDIA =
      Set.of(
          "autofs",
          "binfmt_misc",
          "bpf",
          "cgroup",
          "cgroup2",
          "configfs",
          "debugfs",
          "devpts",
          "devtmpfs",
          "efivarfs",
          "fusectl",
          "hugetlbfs",
          "mqueue",
          "nsfs",
          "proc",
          "pstore",
          "rpc_pipefs",
          "securityfs",
          "selinuxfs",
          "sysfs",
          "tracefs");

  private final Tiers tiers;
  private final DeviceScanner devices;
  private final Executor openers;
  private final AtomicBoolean looking = new AtomicBoolean();

  /** Places where a volume was found and could not be opened: not tried again while it is there. */
  private final Set<String> tried = new HashSet<>(); // only used by who is looking

  /** Looks on the openers. */
  public MediaWatch(Tiers tiers, DeviceScanner devices, Executor openers) {
    this.tiers = tiers;
    this.devices = devices;
    this.openers = openers;
  }

  /** Looks at all media once; does nothing if the look before is not over. */
  public void look() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      for (Tier tier : tiers.all()) {
        openers.execute(tier::look); // one that hangs keeps nobody else waiting
      }
      for (Tier tier : tiers.all()) {
        if (isAway(tier)) {
          find(tier);
        }
      }
      tiers.remember();
    } catch (IOException e) {
      LOG.warn("media cannot be looked for", e);
    } finally {
      looking.set(false);
    }
  }

  private static boolean isAway(Tier tier) {
    TierState state = tier.state();
    return (state == TierState.ABSENT || state == TierState.FAILED)
        && tier.known().isPresent()
        && VolumeOpener.isFolder(tier.spec().location());
  }

  private void find(Tier tier) throws IOException {
    UUID volume = tier.known().orElseThrow().uuid();
    for (Path place : places(tier)) {
      String note = tier.name() + "@" + place;
      Optional<UUID> found = FolderIdentity.of(place).map(identity -> identity.volume());
      if (!found.equals(Optional.of(volume))) {
        tried.remove(note);
      } else if (tried.add(note)) {
        try {
          tier.openAt(place.toString());
          tried.remove(note);
          LOG.info("the volume of tier {} is back, at {}", tier.name(), place);
          return;
        } catch (LarderException e) {
          LOG.info(
              "the volume at {} is not taken by tier {}: {}", place, tier.name(), e.describe());
        }
      }
    }
  }

  private List<Path> places(Tier tier) throws IOException {
    List<Path> places = new ArrayList<>();
    places.add(Path.of(tier.spec().location()));
    String within = tier.known().orElseThrow().within();
    for (DeviceDescription mount : devices.mounts()) {
      if (!NO_MEDIA.contains(mount.fileSystem())) {
        Path top = Path.of(mount.mountPoint());
        places.add(top.resolve(within).normalize());
        places.add(top.resolve(FOLDER));
      }
    }
    return places.stream().distinct().toList();
  }
}
