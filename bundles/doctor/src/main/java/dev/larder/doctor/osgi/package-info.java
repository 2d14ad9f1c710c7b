/** The doctor as a component. */
package dev.larder.doctor.osgi;
