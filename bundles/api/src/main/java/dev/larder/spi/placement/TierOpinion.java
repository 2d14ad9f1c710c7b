package dev.larder.spi.placement;

/**
 * What a rule thinks of a tier.
 *
 * @param tier its name
 * @param accepted whether the artifact may go there
 * @param reason why not, or why it stands where it stands; for people
 */
public record TierOpinion(String tier, boolean accepted, String reason) {}
