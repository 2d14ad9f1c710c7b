package dev.larder.media.simulated;

import java.util.ArrayList;
import java.util.List;

/** What several disks hang on: they lose their power together. Safe for use by many threads. */
public final class PowerSupply {

  private final List<SimulatedDisk> disks = new ArrayList<>();
  private int cuts;

  /** With no disk plugged in yet. */
  public PowerSupply() {}

  synchronized void plug(SimulatedDisk disk) {
    disks.add(disk);
  }

  /** How often the power went. */
  public synchronized int cuts() {
    return cuts;
  }

  /** Cuts the power of all. It is back at once, but what was open stays dead. */
  public void cut() {
    List<SimulatedDisk> all;
    synchronized (this) {
      cuts++;
      all = List.copyOf(disks);
    }
    all.forEach(SimulatedDisk::losePower);
  }
}
