package dev.larder.tiering;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.plugin.CodecRegistry;
import dev.larder.tiering.plugin.PluginRegistry;

/**
 * The plug-ins that are installed, by kind. They may come and go at any time.
 *
 * @param drivers media drivers
 * @param codecs codecs
 * @param chunkers chunkers
 * @param cachePolicies cache policies
 * @param placementRules placement rules
 * @param predictors usage predictors
 * @param codecRules codec rules
 */
public record Plugins(
    PluginRegistry<MediaDriver> drivers,
    CodecRegistry codecs,
    PluginRegistry<Chunker> chunkers,
    PluginRegistry<CachePolicy> cachePolicies,
    PluginRegistry<PlacementRule> placementRules,
    PluginRegistry<UsagePredictor> predictors,
    PluginRegistry<CodecRule> codecRules) {

  /** None yet. */
  public static Plugins none(LarderSettings settings) {
    // A driver waits for its volumes to be closed, which waits for their users.
    var forDrivers = settings.drain().multipliedBy(2);
    return new Plugins(
        new PluginRegistry<>("driver", forDrivers),
        new CodecRegistry(settings.cores(), settings.drain()),
        new PluginRegistry<>("chunker", settings.drain()),
        new PluginRegistry<>("policy", settings.drain()),
        new PluginRegistry<>("policy", settings.drain()),
        new PluginRegistry<>("policy", settings.drain()),
        new PluginRegistry<>("policy", settings.drain()));
  }
}
