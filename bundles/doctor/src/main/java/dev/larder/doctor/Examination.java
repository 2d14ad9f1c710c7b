package dev.larder.doctor;

import dev.larder.api.Doctor;
import dev.larder.api.DoctorFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.TierInfo;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at every place, then at the machine. Any thread. */
public final class Examination implements Doctor {

  private final Machine machine;
  private final Supplier<List<Place>> places;
  private final Supplier<List<TierInfo>> tiers;
  private final Clock clock;

  /**
   * An examination.
   *
   * @param places folders that the gateway uses now
   * @param tiers for the wear of their media
   */
  public Examination(
      Machine machine, Supplier<List<Place>> places, Supplier<List<TierInfo>> tiers, Clock clock) {
    this.machine = machine;
    this.places = places;
    this.tiers = tiers;
    this.clock = clock;
  }

  @Override
  public List<DoctorFinding> examine() {
    Findings findings = new Findings();
    FileSystemCheck fileSystems = new FileSystemCheck(machine, findings);
    DeviceCheck devices = new DeviceCheck(machine, findings);
    MachineCheck whole = new MachineCheck(machine, findings);
    for (Place place : places.get()) {
      Optional<Mount> mount = machine.mountOf(place.folder());
      if (mount.isEmpty()) {
        findings.add(
            Severity.INFO,
            place.subject(),
            "what " + place.folder() + " lies on cannot be found out",
            "/proc/self/mountinfo does not have it",
            "",
            "");
        continue;
      }
      fileSystems.examine(place, mount.get());
      devices.examine(place, mount.get());
      if (place.purpose() == Purpose.RAM) {
        whole.ram(place, mount.get());
      }
    }
    tiers.get().forEach(whole::wear);
    whole.swap();
    whole.clock(clock.instant());
    return findings.worstFirst();
  }
}
