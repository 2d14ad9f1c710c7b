/** Provider of slf4j 2: all bundles log through it, to one file of bounded size. */
package dev.larder.launcher.log;
