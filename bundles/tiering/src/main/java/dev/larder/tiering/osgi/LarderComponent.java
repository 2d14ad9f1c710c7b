package dev.larder.tiering.osgi;

import dev.larder.api.LarderException;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.codec.Codec;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.placement.PlacementRule;
import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.LarderCore;
import dev.larder.tiering.LarderSettings;
import dev.larder.tiering.Plugins;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.EventAdmin;

/**
 * The tier manager in a framework: hands plug-ins over as they come and go, and registers the
 * services. Does nothing that takes time: the core opens in the background.
 */
@Component(
    service = {},
    immediate = true)
public final class LarderComponent {

  private final Plugins plugins;
  private final LarderCore core;
  private final EventRelay events = new EventRelay();
  private final Publication publication;
  private final Optional<LarderException> wrongSettings;

  /** Reads the settings from the properties of the framework, else of the system. */
  @Activate
  public LarderComponent(BundleContext context) {
    LarderSettings settings = LarderSettings.of(Path.of("larder-home"));
    Optional<LarderException> wrong = Optional.empty();
    try {
      settings = LarderSettings.from(context::getProperty);
    } catch (LarderException e) {
      wrong = Optional.of(e);
    }
    wrongSettings = wrong;
    plugins = Plugins.none(settings);
    core = new LarderCore(settings, plugins, events);
    publication = new Publication(context, core);
  }

  @Activate
  void activate() {
    publication.open();
    if (wrongSettings.isPresent()) {
      core.fail(wrongSettings.get());
    } else {
      core.start();
    }
  }

  @Deactivate
  void deactivate() {
    publication.close();
    core.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEventAdmin(EventAdmin admin) {
    events.set(admin);
  }

  void unbindEventAdmin(EventAdmin admin) {
    events.unset(admin);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindDriver(ServiceReference<MediaDriver> reference, MediaDriver driver) {
    plugins
        .drivers()
        .added(name(reference, MediaDriver.NAME), driver, bundle(reference), ranking(reference));
  }

  void unbindDriver(MediaDriver driver) {
    plugins.drivers().removed(driver);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCodec(ServiceReference<Codec> reference, Codec codec) {
    plugins.codecs().added(codec, bundle(reference), ranking(reference));
  }

  void unbindCodec(Codec codec) {
    plugins.codecs().removed(codec);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindChunker(ServiceReference<Chunker> reference, Chunker chunker) {
    plugins
        .chunkers()
        .added(name(reference, Chunker.NAME), chunker, bundle(reference), ranking(reference));
  }

  void unbindChunker(Chunker chunker) {
    plugins.chunkers().removed(chunker);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCachePolicy(ServiceReference<CachePolicy> reference, CachePolicy policy) {
    plugins
        .cachePolicies()
        .added(name(reference, CachePolicy.NAME), policy, bundle(reference), ranking(reference));
  }

  void unbindCachePolicy(CachePolicy policy) {
    plugins.cachePolicies().removed(policy);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPlacementRule(ServiceReference<PlacementRule> reference, PlacementRule rule) {
    plugins
        .placementRules()
        .added(name(reference, PlacementRule.NAME), rule, bundle(reference), ranking(reference));
  }

  void unbindPlacementRule(PlacementRule rule) {
    plugins.placementRules().removed(rule);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPredictor(ServiceReference<UsagePredictor> reference, UsagePredictor predictor) {
    plugins
        .predictors()
        .added(
            name(reference, UsagePredictor.NAME), predictor, bundle(reference), ranking(reference));
  }

  void unbindPredictor(UsagePredictor predictor) {
    plugins.predictors().removed(predictor);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCodecRule(ServiceReference<CodecRule> reference, CodecRule rule) {
    plugins
        .codecRules()
        .added(name(reference, CodecRule.NAME), rule, bundle(reference), ranking(reference));
  }

  void unbindCodecRule(CodecRule rule) {
    plugins.codecRules().removed(rule);
  }

  /** By the property; a plug-in that forgot it goes by the name of its bundle. */
  private static String name(ServiceReference<?> reference, String property) {
    return reference.getProperty(property) instanceof String name && !name.isBlank()
        ? name
        : reference.getBundle().getSymbolicName();
  }

  private static String bundle(ServiceReference<?> reference) {
    return reference.getBundle().getSymbolicName() + " " + reference.getBundle().getVersion();
  }

  private static int ranking(ServiceReference<?> reference) {
    @Nullable Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    return ranking instanceof Integer number ? number : 0;
  }
}
