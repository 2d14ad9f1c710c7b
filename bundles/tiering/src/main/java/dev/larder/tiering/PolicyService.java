package dev.larder.tiering;

import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyManager;
import dev.larder.api.PolicyTrial;
import java.util.List;

/** Policies, as users call them. */
final class PolicyService implements PolicyManager {

  private final Access access;

  PolicyService(Access access) {
    this.access = access;
  }

  @Override
  public List<PolicyInfo> policies() {
    return access.ifOpen().map(gateway -> gateway.policies.policies()).orElse(List.of());
  }

  @Override
  public PolicyInfo use(String name) throws LarderException {
    return access.gateway().policies.use(name);
  }

  @Override
  public List<PolicyTrial> dryRun(String name) throws LarderException {
    return access.gateway().trials.of(name);
  }
}
