package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import java.nio.file.Path;
import java.util.List;

/** Lets definitions of tiers be loaded and saved from another package. */
public final class DefinitionsDoor {

  private DefinitionsDoor() {}

  /** Loads all definitions of a folder, saves each again, and requires that nothing has changed. */
  public static List<String> loadTwice(Path folder) throws LarderException {
    TierDefinitions definitions = new TierDefinitions(folder);
    List<TierDefinition> first = definitions.load();
    for (TierDefinition definition : first) {
      definitions.save(definition);
    }
    List<TierDefinition> second = definitions.load();
    if (!second.equals(first)) {
      throw new AssertionError("saved " + first + ", loaded " + second);
    }
    return first.stream().map(definition -> definition.spec().name()).toList();
  }
}
