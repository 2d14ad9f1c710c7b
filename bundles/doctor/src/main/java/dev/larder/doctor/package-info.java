/** Advice on file systems and devices: what was found in {@code /proc} and {@code /sys}. */
package dev.larder.doctor;
