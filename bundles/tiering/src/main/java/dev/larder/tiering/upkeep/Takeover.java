package dev.larder.tiering.upkeep;

import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.tiering.tier.DeviceScanner;
import dev.larder.tiering.tier.FolderIdentity;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes media that are ours as tiers by itself: those with a folder {@code larder/} that is empty
 * or holds a volume. One with a volume of another gateway becomes a tier that waits to be imported;
 * a copy of a volume that is attached is refused. Everything else that is mounted is left alone.
 * One thread at a time.
 */
public final class Takeover {

  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final String FOLDER = "larder";
  private static final int LOOKS_UNTIL_AGAIN = 8;

  private final Tiers tiers;
  private final DeviceScanner devices;
  private final Map<Path, LarderException> refused = new ConcurrentHashMap<>();
  private String seen = "";
  private int looks;

  /** Nothing was looked at yet. */
  public Takeover(Tiers tiers, DeviceScanner devices) {
    this.tiers = tiers;
    this.devices = devices;
  }

  /**
   * Looks at what is mounted, if that has changed since the last time; now and then also if
   * something was refused, for the reason may be gone.
   */
  public synchronized void look() throws IOException {
    String table = devices.table();
    looks++;
    boolean again = !refused.isEmpty() && looks % LOOKS_UNTIL_AGAIN == 0;
    if (table.equals(seen) && !again) {
      return;
    }
    Map<Path, LarderException> before = Map.copyOf(refused);
    for (DeviceDescription mount : devices.mounts()) {
      Path folder = Path.of(mount.mountPoint()).resolve(FOLDER);
      if (!mount.device().isEmpty() && isOurs(folder) && !isTier(folder)) {
        take(mount, folder);
      }
    }
    before.forEach(refused::remove); // those that were not refused anew
    seen = table;
  }

  /** Media that are ours but cannot be taken, and why. */
  public Map<Path, LarderException> refused() {
    return Map.copyOf(refused);
  }

  private static boolean isOurs(Path folder) throws IOException {
    if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> String.valueOf(file.getFileName())).toList();
      return names.isEmpty()
          || names.stream().anyMatch(name -> name.startsWith(FolderIdentity.SUPERBLOCK));
    }
  }

  private boolean isTier(Path folder) throws IOException {
    Path real = folder.toRealPath();
    return tiers.all().stream()
        .map(tier -> tier.spec().location())
        .filter(location -> !location.contains("://"))
        .map(Path::of)
        .anyMatch(other -> other.startsWith(real) || real.startsWith(other));
  }

  private void take(DeviceDescription mount, Path folder) {
    String name = freeName(mount);
    try {
      tiers.add(
          new TierSpec(
              name,
              folder.toString(),
              Optional.empty(),
              TierRole.STORAGE,
              OptionalLong.empty(),
              Map.of()));
      LOG.info("{} is taken as a tier", folder);
    } catch (LarderException e) {
      LarderException before = refused.put(folder, e);
      if (before == null || !before.describe().equals(e.describe())) {
        LOG.warn("{} is not taken as a tier: {}", folder, e.describe());
      }
    }
  }

  private String freeName(DeviceDescription mount) {
    Path last = Path.of(mount.mountPoint()).getFileName();
    String base = last == null ? "root" : Reference.componentOf(last.toString());
    String start = base.length() <= 60 ? base : base.substring(0, 60);
    String name = start;
    for (int i = 2; tiers.find(name).isPresent(); i++) {
      name = start + "-" + i;
    }
    return name;
  }
}
