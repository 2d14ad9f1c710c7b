package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Looks at the file systems and devices that a gateway stands on: is what was mounted how good for
 * what is kept there? Any thread.
 */
@ProviderType
public interface Doctor {

  /**
   * Looks at tiers, home and RAM cache, and at the machine. Reads what the kernel tells in {@code
   * /proc} and {@code /sys}, and writes nothing.
   *
   * @return worst first; empty if all is as it should be
   */
  List<DoctorFinding> examine();
}
