package dev.larder.media.simulated;

import dev.larder.contract.MediumContract;
import dev.larder.spi.media.MediaDriver;

final class SimulatedMediumTest extends MediumContract {

  private final SimulatedDriver driver = new SimulatedDriver();

  @Override
  protected MediaDriver driver() {
    return driver;
  }

  @Override
  protected String address() {
    return "sim://contract";
  }
}
