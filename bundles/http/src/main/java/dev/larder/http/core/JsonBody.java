package dev.larder.http.core;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A JSON object that came from outside: each field is checked as it is read. */
public final class JsonBody {

  private final JsonObject object;

  private JsonBody(JsonObject object) {
    this.object = object;
  }

  /** Reads an object; an empty text is an empty object. */
  public static JsonBody parse(String text) throws LarderException {
    if (text.isBlank()) {
      return new JsonBody(new JsonObject());
    }
    try {
      JsonElement element = JsonParser.parseString(text);
      if (element.isJsonObject()) {
        return new JsonBody(element.getAsJsonObject());
      }
    } catch (JsonParseException e) {
      throw LarderException.invalid("the body is not JSON");
    }
    throw LarderException.invalid("the body is not a JSON object");
  }

  private Optional<JsonPrimitive> primitive(String field) throws LarderException {
    JsonElement element = object.get(field);
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    if (!element.isJsonPrimitive()) {
      throw wrong(field, "a single value");
    }
    return Optional.of(element.getAsJsonPrimitive());
  }

  private static LarderException wrong(String field, String wanted) {
    return LarderException.invalid("field '" + field + "' must be " + wanted);
  }

  /** Whether the field is there. */
  public boolean has(String field) {
    return object.has(field);
  }

  /** A text. */
  public Optional<String> text(String field) throws LarderException {
    Optional<JsonPrimitive> value = primitive(field);
    if (value.isPresent() && !value.get().isString()) {
      throw wrong(field, "a text");
    }
    return value.map(JsonPrimitive::getAsString);
  }

  /** A text that must be there. */
  public String need(String field) throws LarderException {
    return text(field)
        .orElseThrow(() -> LarderException.invalid("field '" + field + "' is missing"));
  }

  /** A reference that must be there. */
  public Reference reference(String field) throws LarderException {
    return Params.reference(need(field));
  }

  /** Yes or no; no if left out. */
  public boolean flag(String field) throws LarderException {
    Optional<JsonPrimitive> value = primitive(field);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw wrong(field, "true or false");
    }
    return value.map(JsonPrimitive::getAsBoolean).orElse(false);
  }

  /** A number that is not negative. */
  public Optional<BigDecimal> number(String field) throws LarderException {
    Optional<JsonPrimitive> value = primitive(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = value.get().getAsString();
      BigDecimal number = new BigDecimal(text);
      if (value.get().isNumber()
          && number.signum() >= 0
          && (long) number.precision() - number.scale() <= 18 // a scale may be as far as -2^31
          && number.scale() <= 18) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      throw wrong(field, "a number");
    }
    throw wrong(field, "a number from 0 to 10^18");
  }

  /** A whole number that is not negative. */
  public OptionalLong whole(String field) throws LarderException {
    Optional<BigDecimal> number = number(field);
    try {
      return number.isPresent()
          ? OptionalLong.of(number.get().longValueExact())
          : OptionalLong.empty();
    } catch (ArithmeticException e) {
      throw wrong(field, "a whole number");
    }
  }

  /** An object whose values are texts; empty if left out. */
  public Map<String, String> texts(String field) throws LarderException {
    Map<String, String> texts = new HashMap<>();
    JsonElement element = object.get(field);
    if (element == null || element.isJsonNull()) {
      return texts;
    }
    if (!element.isJsonObject()) {
      throw wrong(field, "an object");
    }
    for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
      if (!entry.getValue().isJsonPrimitive()) {
        throw wrong(field + "." + entry.getKey(), "a text");
      }
      texts.put(entry.getKey(), entry.getValue().getAsString());
    }
    return texts;
  }
}
