package dev.larder.tiering;

import dev.larder.api.Evictions;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.ModelSwapper;
import dev.larder.api.Reference;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import java.time.Duration;
import java.util.List;

/** Swapping, as users call it. */
final class SwapService implements ModelSwapper {

  private final Access access;

  SwapService(Access access) {
    this.access = access;
  }

  @Override
  public SwapResult swap(SwapRequest request) throws LarderException {
    return access.gateway().swapper.swap(request);
  }

  @Override
  public void release(String lease) throws LarderException {
    access.gateway().swapper.release(lease);
  }

  @Override
  public int release(Reference reference) throws LarderException {
    return access.gateway().swapper.release(reference);
  }

  @Override
  public Lease renew(String lease, Duration remaining) throws LarderException {
    return access.gateway().swapper.renew(lease, remaining);
  }

  @Override
  public List<Lease> leases() {
    return access.ifOpen().map(gateway -> gateway.swapper.leases()).orElse(List.of());
  }

  @Override
  public Evictions evict(Reference reference) throws LarderException {
    return access.gateway().swapper.evict(reference);
  }

  @Override
  public Evictions evictAll() {
    return access
        .ifOpen()
        .map(gateway -> gateway.swapper.evictAll())
        .orElseGet(() -> new Evictions(List.of(), List.of()));
  }
}
