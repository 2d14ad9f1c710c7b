/** The thin shell around it: component, whiteboard servlet, services. */
package dev.larder.http.osgi;
