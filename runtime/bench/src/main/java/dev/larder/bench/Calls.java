package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.http.Body;
import dev.larder.cli.http.Response;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What benchmarks ask of a gateway. */
record Calls(Gateway gateway) {
  private static final String MOST_MILLIS = "600000";

  /** Stores a file; returns what the gateway says of it. */
  JsonObject put(String reference, Path file) throws CliException {
    Query query = Query.of("/v1/artifacts").with("ref", reference).with("kind", "model");
    return gateway.send("PUT", query, new Upload(file)).getAsJsonObject();
  }

  /** Makes a folder on a medium the only tier there is. */
  void onlyTier(String name, Path folder, @Nullable String driver) throws CliException {
    List<JsonObject> others = tiers();
    JsonObject tier = new JsonObject();
    tier.addProperty("name", name);
    tier.addProperty("path", folder.toString());
    if (driver != null) {
      tier.addProperty("driver", driver);
    }
    tier.addProperty("role", "storage");
    tier.add("options", new JsonObject());
    gateway.post(Query.of("/v1/tiers"), tier);
    for (JsonObject other : others) {
      gateway.delete(Query.of("/v1/tiers/" + Query.encode(Fields.text(other, "name"))));
    }
  }

  /** The tiers, fastest first. */
  List<JsonObject> tiers() throws CliException {
    return Fields.objects(gateway.get(Query.of("/v1/tiers")));
  }

  /** The process of the gateway. */
  long pid() throws CliException {
    return Fields.whole(gateway.health(), "pid");
  }

  /** Opens the content of an artifact; the caller closes it. */
  Response content(String reference) throws CliException {
    return gateway.open(Query.of("/v1/content").with("ref", reference));
  }

  void delete(String reference) throws CliException {
    gateway.delete(Query.of("/v1/artifacts").with("ref", reference));
  }

  JsonObject swap(String reference) throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", reference);
    request.addProperty("timeoutMillis", Long.parseLong(MOST_MILLIS));
    return gateway.post(Query.of("/v1/swaps"), request).getAsJsonObject();
  }

  /** Gives back all leases of a reference. */
  void release(String reference) throws CliException {
    gateway.delete(Query.of("/v1/leases").with("ref", reference));
  }

  /** Takes it out of RAM: the next swap loads it from a tier. */
  void evict(String reference) throws CliException {
    JsonObject what = new JsonObject();
    what.addProperty("reference", reference);
    gateway.post(Query.of("/v1/evictions"), what);
  }

  void waitIdle() throws CliException {
    gateway.post(
        Query.of("/v1/maintenance/wait-idle").with("timeoutMillis", MOST_MILLIS), new JsonObject());
  }

  JsonObject collect() throws CliException {
    return gateway.post(Query.of("/v1/maintenance/gc"), new JsonObject()).getAsJsonObject();
  }

  /** Figures, since a mark that was given with earlier ones. */
  JsonObject stats(@Nullable String since) throws CliException {
    return gateway.get(Query.of("/v1/stats").with("since", since)).getAsJsonObject();
  }

  private record Upload(Path file) implements Body {
    @Override
    public long length() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        return -1; // writing it says why
      }
    }

    @Override
    public String type() {
      return "application/octet-stream";
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      Files.copy(file, out);
    }
  }
}
