package dev.larder.tiering.plugin;

/**
 * A plug-in that is registered.
 *
 * @param name name it is known by
 * @param bundle symbolic name and version of its bundle
 * @param ranking its service ranking
 * @param current whether new calls under its name go to it
 */
public record PluginInfo(String name, String bundle, int ranking, boolean current) {}
