/**
 * The compact record of every resident and recently evicted object of a cache, on which cache
 * policies rank.
 */
package dev.larder.tiering.ledger;
