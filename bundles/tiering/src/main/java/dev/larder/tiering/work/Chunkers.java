package dev.larder.tiering.work;

import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import dev.larder.tiering.plugin.PluginLease;
import dev.larder.tiering.plugin.PluginRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the chunker that suits a content best. Any thread. */
final class Chunkers {

  private static final Logger LOG = LoggerFactory.getLogger(Chunkers.class);

  private final PluginRegistry<Chunker> registry;
  private final Chunker builtIn = new BuiltInChunker();

  Chunkers(PluginRegistry<Chunker> registry) {
    this.registry = registry;
  }

  /** A chunker in use; the built-in one has no lease. */
  record Chosen(Chunker chunker, @Nullable PluginLease<Chunker> lease) implements AutoCloseable {
    @Override
    public void close() {
      if (lease != null) {
        lease.close();
      }
    }
  }

  Chosen choose(ContentProbe probe) {
    Chosen best = new Chosen(builtIn, null);
    int most = 0;
    for (String name : registry.names()) {
      Optional<PluginLease<Chunker>> lease = registry.lease(name);
      if (lease.isEmpty()) {
        continue;
      }
      int suitability = suitability(lease.get(), probe);
      if (suitability > most) {
        best.close();
        best = new Chosen(lease.get().service(), lease.get());
        most = suitability;
      } else {
        lease.get().close();
      }
    }
    return best;
  }

  /** One that fails here does not suit. */
  private static int suitability(PluginLease<Chunker> lease, ContentProbe probe) {
    try {
      return lease.service().suitability(fresh(probe));
    } catch (RuntimeException e) {
      LOG.warn("chunker {} of {} failed", lease.name(), lease.bundle(), e);
      return 0;
    }
  }

  /** Nobody sees how far another has read in the head. */
  static ContentProbe fresh(ContentProbe probe) {
    return new ContentProbe(
        probe.kind(), probe.size(), probe.head().asReadOnlyBuffer(), probe.source());
  }
}
