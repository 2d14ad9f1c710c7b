package dev.larder.cli.gateway;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import java.util.List;

/** Turns the gateway's problem documents (RFC 9457) into what the user is told. */
final class Problems {
  private static final List<String> ENVELOPE =
      List.of("type", "title", "status", "detail", "instance", "code", "advice");

  private Problems() {}

  static CliException of(int status, JsonElement document) {
    String code = Gateway.text(document, "code");
    String detail = Gateway.text(document, "detail");
    String advice = Gateway.text(document, "advice");
    if (status == 401 || status == 403) {
      return new CliException(
          "UNAUTHORIZED",
          detail.isEmpty() ? "the gateway refuses the token" : detail,
          advice.isEmpty() ? "compare it with conf/token in the gateway's home" : advice);
    }
    return new CliException(
        code.isEmpty() ? "INTERNAL" : code,
        detail.isEmpty() ? "the gateway answered with status " + status : detail,
        code.isEmpty() && advice.isEmpty() ? "see its log in the home's folder log" : advice,
        extras(document));
  }

  private static JsonObject extras(JsonElement document) {
    JsonObject extras = new JsonObject();
    if (document.isJsonObject()) {
      document.getAsJsonObject().asMap().forEach(extras::add);
      ENVELOPE.forEach(extras::remove);
    }
    return extras;
  }
}
