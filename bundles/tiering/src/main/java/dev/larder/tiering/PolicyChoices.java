package dev.larder.tiering;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyInfo.Service;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.home.DurableFiles;
import dev.larder.tiering.placement.BuiltInCodecRule;
import dev.larder.tiering.placement.BuiltInPlacement;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.ram.BuiltInLru;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which policies decide; kept in {@code conf/policies}. Any thread. */
final class PolicyChoices {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyChoices.class);

  private final Path file;
  private final Properties chosen = new Properties(); // guarded by this
  private final PolicySelector<CachePolicy> cache;
  private final PolicySelector<PlacementRule> placement;
  private final PolicySelector<UsagePredictor> prediction;
  private final PolicySelector<CodecRule> codec;

  PolicyChoices(Path conf, Plugins plugins) {
    this.file = conf.resolve("policies");
    load();
    cache =
        new PolicySelector<>(
            Service.CACHE,
            plugins.cachePolicies(),
            BuiltInLru.NAME,
            new BuiltInLru(),
            chosen(Service.CACHE, "lru"));
    placement =
        new PolicySelector<>(
            Service.PLACEMENT,
            plugins.placementRules(),
            BuiltInPlacement.SHORT_NAME,
            new BuiltInPlacement(),
            chosen(Service.PLACEMENT, "class"));
    prediction =
        new PolicySelector<>(
            Service.PREDICTION,
            plugins.predictors(),
            NoPredictor.SHORT_NAME,
            new NoPredictor(),
            chosen(Service.PREDICTION, NoPredictor.SHORT_NAME));
    if (!isChosen(Service.PREDICTION)) {
      prediction.preferring("ppm");
    }
    codec =
        new PolicySelector<>(
            Service.CODEC,
            plugins.codecRules(),
            BuiltInCodecRule.SHORT_NAME,
            new BuiltInCodecRule(),
            chosen(Service.CODEC, BuiltInCodecRule.SHORT_NAME));
  }

  private synchronized void load() {
    if (!Files.exists(file)) {
      return;
    }
    try (Reader in = Files.newBufferedReader(file)) {
      chosen.load(in);
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("{} cannot be read; the default policies decide", file, e);
    }
  }

  private synchronized String chosen(Service service, String otherwise) {
    return chosen.getProperty(key(service), otherwise);
  }

  private synchronized boolean isChosen(Service service) {
    return chosen.containsKey(key(service));
  }

  private static String key(Service service) {
    return service.name().toLowerCase(Locale.ROOT);
  }

  PolicySelector<CachePolicy> cache() {
    return cache;
  }

  PolicySelector<PlacementRule> placement() {
    return placement;
  }

  PolicySelector<UsagePredictor> prediction() {
    return prediction;
  }

  PolicySelector<CodecRule> codec() {
    return codec;
  }

  List<PolicySelector<?>> all() {
    return List.of(cache, placement, prediction, codec);
  }

  List<PolicyInfo> policies() {
    List<PolicyInfo> policies = new ArrayList<>();
    all().forEach(selector -> policies.addAll(selector.policies()));
    return policies;
  }

  PolicyInfo use(String name) throws LarderException {
    Service service = info(name).service();
    for (PolicySelector<?> selector : all()) {
      if (selector.service() == service) {
        PolicyInfo used = selector.use(name);
        keep(used);
        return used;
      }
    }
    throw unknown(name);
  }

  /** A policy that is there, by its name. */
  PolicyInfo info(String name) throws LarderException {
    return policies().stream()
        .filter(policy -> policy.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static LarderException unknown(String name) {
    return LarderException.notFound(
        "there is no policy named '" + name + "'", "see 'larder policy ls'");
  }

  /** Written only where it is news: policies may be changed often. */
  private synchronized void keep(PolicyInfo used) throws LarderException {
    String key = key(used.service());
    if (used.name().equals(chosen.getProperty(key))) {
      return;
    }
    chosen.setProperty(key, used.name());
    StringBuilder text = new StringBuilder();
    chosen.stringPropertyNames().stream()
        .sorted()
        .forEach(k -> text.append(k).append('=').append(chosen.getProperty(k)).append('\n'));
    try {
      DurableFiles.write(file, text.toString());
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          used.name() + " decides now, but that cannot be kept in " + file + ": " + e.getMessage(),
          "check the owner and the free space of the home",
          e);
    }
  }

  /** Foresees nothing. */
  private static final class NoPredictor implements UsagePredictor {

    static final String SHORT_NAME = "off";

    @Override
    public String name() {
      return SHORT_NAME;
    }

    @Override
    public void observe(UsageEvent event) {
      // learns nothing
    }

    @Override
    public List<Prediction> predict(UsageEvent latest, int limit) {
      return List.of();
    }
  }
}
