package dev.larder.shell;

import dev.larder.api.Evictions;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.ModelSwapper;
import dev.larder.api.Reference;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code larder:swap}, {@code larder:release}, {@code larder:leases}, {@code larder:evict}. */
@Component(
    service = SwapCommands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=swap",
      "osgi.command.function=release",
      "osgi.command.function=leases",
      "osgi.command.function=evict"
    })
public final class SwapCommands {

  private static final double NANOS_PER_MILLI = 1e6;

  private final ModelSwapper swapper;

  /** Commands on the swapper. */
  @Activate
  public SwapCommands(@org.osgi.service.component.annotations.Reference ModelSwapper swapper) {
    this.swapper = swapper;
  }

  /** Makes an artifact active; prints the file to map. */
  public String swap(String reference) throws LarderException {
    SwapResult result = swapper.swap(SwapRequest.of(Reference.parse(reference)));
    return String.format(
        "%s%n %d bytes from %s in %.3f ms, lease %s",
        result.path(),
        result.size(),
        result.level(),
        result.nanos() / NANOS_PER_MILLI,
        result.lease());
  }

  /** Ends a lease, or all leases on a reference. */
  public String release(String leaseOrReference) throws LarderException {
    boolean isLease =
        swapper.leases().stream().anyMatch(lease -> lease.id().equals(leaseOrReference));
    if (isLease) {
      swapper.release(leaseOrReference);
      return "1 lease released";
    }
    return swapper.release(Reference.parse(leaseOrReference)) + " leases released";
  }

  /** All leases. */
  public String leases() {
    return swapper.leases().stream().map(SwapCommands::row).collect(Collectors.joining("\n"));
  }

  private static String row(Lease lease) {
    String left = lease.remaining().map(d -> d.toSeconds() + " s left").orElse("pinned");
    return lease.id() + " " + lease.reference() + " " + left;
  }

  /** Drops what is not leased from the RAM cache. */
  public String evict() {
    return told(swapper.evictAll());
  }

  /** Drops one artifact from the RAM cache. */
  public String evict(String reference) throws LarderException {
    return told(swapper.evict(Reference.parse(reference)));
  }

  private static String told(Evictions evictions) {
    return evictions.evicted().size() + " evicted, leased: " + evictions.leased();
  }
}
