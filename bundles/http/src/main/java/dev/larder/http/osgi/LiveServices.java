package dev.larder.http.osgi;

import dev.larder.api.ArtifactStore;
import dev.larder.api.Doctor;
import dev.larder.api.ErrorCode;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyManager;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierManager;
import dev.larder.http.core.Services;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The services as they come and go. Nothing but the framework writes these fields. */
@Component(service = LiveServices.class)
public final class LiveServices implements Services {

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable ArtifactStore store;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable ModelSwapper swapper;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable TierManager tiers;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable PolicyManager policies;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Maintenance maintenance;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable StatisticsService statistics;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable HealthService health;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Doctor doctor;

  /** Made by the framework. */
  @Activate
  public LiveServices() {}

  private static <T> T present(@Nullable T service) throws LarderException {
    if (service == null) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "the gateway is starting or stopping", "try again");
    }
    return service;
  }

  @Override
  public ArtifactStore store() throws LarderException {
    return present(store);
  }

  @Override
  public ModelSwapper swapper() throws LarderException {
    return present(swapper);
  }

  @Override
  public TierManager tierManager() throws LarderException {
    return present(tiers);
  }

  @Override
  public PolicyManager policyManager() throws LarderException {
    return present(policies);
  }

  @Override
  public Maintenance maintenance() throws LarderException {
    return present(maintenance);
  }

  @Override
  public StatisticsService statistics() throws LarderException {
    return present(statistics);
  }

  @Override
  public Doctor doctor() throws LarderException {
    Doctor here = doctor;
    if (here == null) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE,
          "the bundle larder.doctor is not started",
          "start it, or try again when the gateway is ready");
    }
    return here;
  }

  @Override
  public Optional<HealthService> health() {
    return Optional.ofNullable(health);
  }
}
