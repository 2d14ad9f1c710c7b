/** What moves between storage tiers, and why: decided here, done elsewhere. */
package dev.larder.tiering.plan;
