/** The gateway's home folder: its lock, its identity, its small durable files. */
package dev.larder.tiering.home;
