package dev.larder.http.core;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what requests name. */
public final class Params {

  private static final Set<String> PROTOCOL_ENDINGS =
      Set.of(
          "arxml", "csv", "dbc", "eds", "esi", "gsd", "gsdml", "json", "jsonl", "kcd", "ldf",
          "pcap", "sym", "xdd", "xml", "yaml", "yml");

  private Params() {}

  /**
   * Splits a query. The servlet API is not asked for it because that would read a body of a form.
   */
  public static Map<String, String> query(@Nullable String query) throws LarderException {
    Map<String, String> values = new HashMap<>();
    if (query == null || query.isEmpty()) {
      return values;
    }
    for (String part : query.split("&")) {
      int equals = part.indexOf('=');
      String name = decode(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : decode(part.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw LarderException.invalid("query parameter '" + name + "' is given twice");
      }
    }
    return values;
  }

  private static String decode(String text) throws LarderException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw LarderException.invalid("the query has an incomplete % code");
    }
  }

  /** A reference. */
  public static Reference reference(String text) throws LarderException {
    try {
      return Reference.parse(text);
    } catch (IllegalArgumentException e) {
      throw LarderException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** A digest. */
  public static Digest digest(String text) throws LarderException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw LarderException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** A kind: {@code MODEL} or {@code model}, {@code PROTOCOL_DATA} or {@code protocol}. */
  public static ArtifactKind kind(String text) throws LarderException {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "MODEL" -> ArtifactKind.MODEL;
      case "PROTOCOL", "PROTOCOL_DATA", "PROTOCOL-DATA" -> ArtifactKind.PROTOCOL_DATA;
      default ->
          throw LarderException.invalid("unknown kind '" + text + "': use 'model' or 'protocol'");
    };
  }

  /** The kind that a name's ending suggests. */
  public static ArtifactKind likelyKind(Reference reference) {
    String name = reference.name();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return PROTOCOL_ENDINGS.contains(ending) ? ArtifactKind.PROTOCOL_DATA : ArtifactKind.MODEL;
  }

  /** A role. */
  public static TierRole role(String text) throws LarderException {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "STORAGE" -> TierRole.STORAGE;
      case "CACHE" -> TierRole.CACHE;
      default ->
          throw LarderException.invalid("unknown role '" + text + "': use 'storage' or 'cache'");
    };
  }

  /** Yes or no. */
  public static boolean flag(String text) throws LarderException {
    return switch (text) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw LarderException.invalid("'" + text + "' is neither 'true' nor 'false'");
    };
  }
}
