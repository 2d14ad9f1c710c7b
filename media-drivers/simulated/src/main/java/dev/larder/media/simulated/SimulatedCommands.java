package dev.larder.media.simulated;

import dev.larder.api.LarderException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Gogo commands that let a disk go wrong by hand: {@code simulated:cut}, {@code remove}, {@code
 * insert}, {@code rot}, {@code faults}, {@code release}, {@code show}.
 */
@Component(
    service = SimulatedCommands.class,
    property = {
      "osgi.command.scope=simulated",
      "osgi.command.function=cut",
      "osgi.command.function=remove",
      "osgi.command.function=insert",
      "osgi.command.function=rot",
      "osgi.command.function=faults",
      "osgi.command.function=release",
      "osgi.command.function=show"
    })
public final class SimulatedCommands {

  private final SimulatedDriver driver;

  /** Commands on the disks of the driver. */
  @Activate
  public SimulatedCommands(@Reference SimulatedDriver driver) {
    this.driver = driver;
  }

  /** Cuts the power of a disk; what was open on it is dead. */
  public void cut(String disk) throws LarderException {
    driver.disk(disk).losePower();
  }

  /** Takes a disk away. */
  public void remove(String disk) throws LarderException {
    driver.disk(disk).remove();
  }

  /** Brings it back. */
  public void insert(String disk) throws LarderException {
    driver.disk(disk).insert();
  }

  /** Flips bits; tells where. */
  public List<String> rot(String disk, int bits) throws LarderException {
    return driver.disk(disk).rot(bits);
  }

  /** Lets other faults happen from now on, written as in option {@code faults}. */
  public void faults(String disk, String rules) throws LarderException {
    driver.disk(disk).plan().follow(FaultRule.parse(rules));
  }

  /** Lets go on what hangs. */
  public void release(String disk) throws LarderException {
    driver.disk(disk).plan().release();
  }

  /** How a disk is. */
  public String show(String disk) throws LarderException {
    return driver.disk(disk).toString();
  }
}
