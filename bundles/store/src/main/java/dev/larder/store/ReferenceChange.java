package dev.larder.store;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import java.util.Optional;

/**
 * A reference was pointed at an artifact, or deleted.
 *
 * @param reference the name
 * @param target what it stands for from then on; empty if it was deleted with its history (a
 *     tombstone)
 * @param stamp when
 * @param supersedes Lamport counter of the change that it replaces; 0 if the name was new
 */
public record ReferenceChange(
    Reference reference, Optional<Digest> target, Stamp stamp, long supersedes) {}
