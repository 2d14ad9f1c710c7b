/** Migration, collection, scrub, rebalancing, statistics and health. */
package dev.larder.tiering.upkeep;
