/** Server-sent events. */
package dev.larder.http.events;
