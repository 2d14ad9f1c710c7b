package dev.larder.itest.faults;

import java.io.IOException;

/** Something that a gateway does with a volume. */
@FunctionalInterface
interface Step {

  /**
   * Does it, and tells the site's oracle what was acknowledged.
   *
   * @throws IOException if it fails; the world judges whether it may
   */
  void run(World world, Site site) throws IOException;
}
