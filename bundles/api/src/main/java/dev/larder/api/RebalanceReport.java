package dev.larder.api;

import java.util.List;

/**
 * What a rebalance has moved.
 *
 * @param promoted homes that are on a faster tier now
 * @param promotedBytes what they take
 * @param demoted homes that are on a slower tier now
 * @param demotedBytes what they take
 * @param heldBack names of the tiers that something was not moved to since their budgets of writes
 *     are used up
 */
public record RebalanceReport(
    int promoted, long promotedBytes, int demoted, long demotedBytes, List<String> heldBack) {}
