/** Figures of the gateway as Prometheus wants them. */
package dev.larder.http.metrics;
