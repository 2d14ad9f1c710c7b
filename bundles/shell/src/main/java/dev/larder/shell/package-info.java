/** Commands of the Gogo shell, on the services of the API. */
package dev.larder.shell;
