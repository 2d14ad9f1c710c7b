/** One class for each resource. */
package dev.larder.http.resources;
