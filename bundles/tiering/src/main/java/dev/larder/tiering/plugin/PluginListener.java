package dev.larder.tiering.plugin;

/**
 * Told of plug-ins that come and go, on the thread that registers or withdraws them. Must be quick.
 */
@FunctionalInterface
public interface PluginListener {

  /** What happened. */
  enum Change {
    /** A plug-in was added; it need not be the one that new calls go to. */
    ADDED,
    /**
     * A plug-in was withdrawn: no new call gets it. Whoever holds a long lease on it lets go of it
     * now, because the plug-in's bundle waits for the drain, which starts after this call.
     */
    REMOVED
  }

  /**
   * A change.
   *
   * @param change what happened
   * @param plugin which plug-in
   */
  void changed(Change change, PluginInfo plugin);
}
