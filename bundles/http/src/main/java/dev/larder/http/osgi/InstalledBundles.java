package dev.larder.http.osgi;

import dev.larder.http.resources.BundlesResource.BundleView;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The framework's bundles. */
final class InstalledBundles implements Supplier<List<BundleView>> {

  private final BundleContext context;

  InstalledBundles(BundleContext context) {
    this.context = context;
  }

  @Override
  public List<BundleView> get() {
    List<BundleView> views = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      views.add(
          new BundleView(
              String.valueOf(bundle.getSymbolicName()),
              bundle.getVersion().toString(),
              state(bundle.getState()),
              signer(bundle)));
    }
    return views;
  }

  private static String state(int state) {
    return switch (state) {
      case Bundle.ACTIVE -> "ACTIVE";
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.STARTING -> "STARTING";
      case Bundle.STOPPING -> "STOPPING";
      default -> "UNINSTALLED";
    };
  }

  private static @Nullable String signer(Bundle bundle) {
    return bundle.getSignerCertificates(Bundle.SIGNERS_TRUSTED).keySet().stream()
        .map(X509Certificate::getSubjectX500Principal)
        .map(principal -> principal.getName())
        .sorted()
        .findFirst()
        .orElse(null);
  }
}
