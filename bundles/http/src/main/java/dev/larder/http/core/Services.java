package dev.larder.http.core;

import dev.larder.api.ArtifactStore;
import dev.larder.api.Doctor;
import dev.larder.api.HealthService;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PolicyManager;
import dev.larder.api.StatisticsService;
import dev.larder.api.TierManager;
import java.util.Optional;

/**
 * The services of the gateway, as they are at the moment. Ask once for each request. One that is
 * not there fails with {@code UNAVAILABLE}.
 */
public interface Services {

  /** Artifacts and their names. */
  ArtifactStore store() throws LarderException;

  /** The RAM cache. */
  ModelSwapper swapper() throws LarderException;

  /** The tiers. */
  TierManager tierManager() throws LarderException;

  /** The policies. */
  PolicyManager policyManager() throws LarderException;

  /** Collection, scrub and the like. */
  Maintenance maintenance() throws LarderException;

  /** Figures. */
  StatisticsService statistics() throws LarderException;

  /** What could be better about the machine. */
  Doctor doctor() throws LarderException;

  /** Whether the gateway is well; empty while it starts or stops. */
  Optional<HealthService> health();
}
