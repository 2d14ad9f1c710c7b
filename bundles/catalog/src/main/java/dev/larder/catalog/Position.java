package dev.larder.catalog;

import java.util.UUID;

/**
 * How far a volume's journal is applied.
 *
 * @param volume which
 * @param epoch of the volume
 * @param sequence of the last commit record that is applied
 */
public record Position(UUID volume, long epoch, long sequence) {}
