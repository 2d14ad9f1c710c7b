/** References, merged from what all volumes say by the order of stamps. */
package dev.larder.tiering.names;
