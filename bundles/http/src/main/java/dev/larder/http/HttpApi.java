package dev.larder.http;

import dev.larder.http.core.Application;
import dev.larder.http.core.Guard;
import dev.larder.http.core.Route;
import dev.larder.http.core.Router;
import dev.larder.http.core.Services;
import dev.larder.http.core.Token;
import dev.larder.http.events.EventHub;
import dev.larder.http.metrics.Exposition;
import dev.larder.http.resources.ArtifactsResource;
import dev.larder.http.resources.BundlesResource;
import dev.larder.http.resources.BundlesResource.BundleView;
import dev.larder.http.resources.ContentResource;
import dev.larder.http.resources.DoctorResource;
import dev.larder.http.resources.HealthResource;
import dev.larder.http.resources.ImportsResource;
import dev.larder.http.resources.MaintenanceResource;
import dev.larder.http.resources.MetricsResource;
import dev.larder.http.resources.PoliciesResource;
import dev.larder.http.resources.StatsResource;
import dev.larder.http.resources.SwapsResource;
import dev.larder.http.resources.TiersResource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Puts the table of routes together. */
public final class HttpApi {

  private HttpApi() {}

  /**
   * The application.
   *
   * @param token what requests must bring; if empty nothing but open routes is answered
   * @param version of the gateway
   * @param uptimeNanos how long it runs
   */
  public static Application create(
      Services services,
      Optional<Token> token,
      EventHub events,
      Supplier<List<BundleView>> bundles,
      String version,
      LongSupplier uptimeNanos) {
    List<Route> routes =
        Stream.of(
                new SwapsResource(services).routes(),
                new ContentResource(services).routes(),
                new ArtifactsResource(services).routes(),
                new TiersResource(services).routes(),
                new ImportsResource(services).routes(),
                new MaintenanceResource(services).routes(),
                new StatsResource(services).routes(),
                new MetricsResource(new Exposition(services, version, uptimeNanos)).routes(),
                new PoliciesResource(services).routes(),
                new BundlesResource(bundles).routes(),
                new DoctorResource(services).routes(),
                new HealthResource(services, version, uptimeNanos).routes(),
                events.routes())
            .flatMap(List::stream)
            .toList();
    return new Application(new Router(routes), new Guard(token));
  }
}
