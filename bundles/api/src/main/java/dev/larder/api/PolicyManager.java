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

  /**
   * What a cache policy would have reached on the accesses of late, beside the one that decides.
   * Changes nothing.
   *
   * @return the named one first, then the one that decides, if that is another
   * @throws LarderException {@link ErrorCode#NOT_FOUND} if none has that name, {@link
   *     ErrorCode#INVALID_ARGUMENT} if it is no cache policy, {@link ErrorCode#UNAVAILABLE} if
   *     there were too few accesses or it fails
   */
  List<PolicyTrial> dryRun(String name) throws LarderException;
}
