/**
 * The tier manager: put, get, swap, tiers, placement, migration, maintenance. Plain Java; package
 * {@code osgi} is the shell around it.
 */
package dev.larder.tiering;
