/** Which tier an artifact goes to, and which codec suits that tier. */
package dev.larder.tiering.placement;
