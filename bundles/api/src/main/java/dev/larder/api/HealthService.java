package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Whether the gateway is well. */
@ProviderType
public interface HealthService {

  /** Every tier is open, recovering or reported absent. */
  boolean ready();

  /** What is not as it should be, worst first; empty if all is well. */
  List<HealthFinding> findings();
}
