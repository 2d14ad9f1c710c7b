/** Putting artifacts and reading them. */
package dev.larder.tiering.work;
