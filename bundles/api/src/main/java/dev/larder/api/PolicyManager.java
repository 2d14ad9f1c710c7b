package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Which policies decide. */
@ProviderType
public interface PolicyManager {

  /** All that are installed, and the built-in ones. */
  List<PolicyInfo> policies();

  /**
   * Lets the policy of that name decide from now on, and after a restart. Nothing is evicted and no
   * request fails.
   *
   * @throws LarderException {@link ErrorCode#NOT_FOUND} if none has that name
   */
  PolicyInfo use(String name) throws LarderException;
}
