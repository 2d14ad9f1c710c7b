/** Tiers: named volumes that open by themselves, vanish and return. */
package dev.larder.tiering.tier;
