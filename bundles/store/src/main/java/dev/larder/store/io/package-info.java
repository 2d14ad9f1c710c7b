/** Who may use a medium, and when. */
package dev.larder.store.io;
