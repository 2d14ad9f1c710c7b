/** Work of one operation shared between the caller's thread and the volume's workers. */
package dev.larder.store.work;
