package dev.larder.catalog;

import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import java.util.Collection;
import java.util.List;

/**
 * All that the catalog knows of one volume.
 *
 * @param position what it is up to
 * @param tier name of the volume's tier
 * @param artifacts replicas
 * @param references changes, in order of their stamps
 */
public record VolumeSnapshot(
    Position position,
    String tier,
    Collection<ArtifactEntry> artifacts,
    List<ReferenceChange> references) {}
