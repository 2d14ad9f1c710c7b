/**
 * Plug-ins that come and go while they are called: generations with leases, the codecs, and the
 * choice of the one policy that decides. Plain Java: the OSGi shell calls {@code added} and {@code
 * removed}.
 */
package dev.larder.tiering.plugin;
