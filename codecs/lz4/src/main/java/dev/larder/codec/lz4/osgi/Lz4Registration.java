package dev.larder.codec.lz4.osgi;

import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.spi.codec.Codec;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Registers the codec by hand: whether the native library is in use is known only when it runs, and
 * a component's own service properties are fixed when it is built.
 */
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"dev.larder.spi.codec.Codec\"")
@Component(
    service = {},
    immediate = true)
public final class Lz4Registration {

  private final ServiceRegistration<Codec> registration;

  /** Registers it. */
  @Activate
  public Lz4Registration(BundleContext context) {
    Lz4Codec codec = new Lz4Codec();
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(Codec.NAME, Lz4Codec.SHORT_NAME);
    properties.put(Lz4Codec.NATIVE, codec.nativeLibrary());
    this.registration = context.registerService(Codec.class, codec, properties);
  }

  @Deactivate
  void withdraw() {
    registration.unregister();
  }
}
