package dev.larder.doctor.osgi;

import dev.larder.api.Doctor;
import dev.larder.api.DoctorFinding;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierInfo;
import dev.larder.api.TierManager;
import dev.larder.api.TierRole;
import dev.larder.doctor.Examination;
import dev.larder.doctor.Machine;
import dev.larder.doctor.Place;
import dev.larder.doctor.Purpose;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The doctor of a gateway: of its tiers, its home and its RAM cache. */
@Component
public final class DoctorComponent implements Doctor {

  private static final String HOME = "larder.home";

  private final TierManager tiers;
  private final StatisticsService statistics;
  private final String home;
  private final Examination examination;

  /** For the machine that the gateway runs on. */
  @Activate
  public DoctorComponent(
      BundleContext context,
      @Reference TierManager tiers,
      @Reference StatisticsService statistics) {
    this.tiers = tiers;
    this.statistics = statistics;
    this.home = context.getProperty(HOME) == null ? "" : context.getProperty(HOME);
    this.examination =
        new Examination(new Machine(Path.of("/")), this::places, tiers::tiers, Clock.systemUTC());
  }

  @Override
  public List<DoctorFinding> examine() {
    return examination.examine();
  }

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (TierInfo tier : tiers.tiers()) {
      Path folder = Path.of(tier.location());
      if (folder.isAbsolute()) { // else it is no folder
        places.add(
            new Place(
                "tier/" + tier.name(),
                folder,
                tier.role() == TierRole.CACHE ? Purpose.CACHE : Purpose.STORAGE));
      }
    }
    if (!home.isEmpty()) {
      places.add(new Place("home", Path.of(home).toAbsolutePath(), Purpose.HOME));
    }
    String ram = statistics.current().cache().folder();
    if (!ram.isEmpty()) {
      places.add(new Place("ram", Path.of(ram), Purpose.RAM));
    }
    return places;
  }
}
