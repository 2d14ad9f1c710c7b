package dev.larder.cli.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads the gateway's JSON for display: what is missing is empty or zero, never an error. */
public final class Fields {
  private Fields() {}

  /** A field as text; empty if it is not there. */
  public static String text(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }

  /** A field as a whole number; 0 if it is not there. */
  public static long whole(JsonObject object, String field) {
    return (long) decimal(object, field);
  }

  /** A field as a decimal; 0 if it is not there. */
  public static double decimal(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return isNumber(value) ? value.getAsDouble() : 0;
  }

  /** Whether a field is there and not null. */
  public static boolean has(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && !value.isJsonNull();
  }

  /** A field as a flag; false if it is not there. */
  public static boolean flag(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonPrimitive() && value.getAsBoolean();
  }

  /** A field as an object; empty if it is not there. */
  public static JsonObject object(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
  }

  /** The objects of a list in a field. */
  public static List<JsonObject> objects(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value == null ? List.of() : objects(value);
  }

  /** The objects of a list. */
  public static List<JsonObject> objects(JsonElement list) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonElement element : array(list)) {
      if (element.isJsonObject()) {
        objects.add(element.getAsJsonObject());
      }
    }
    return objects;
  }

  /** The texts of a list in a field. */
  public static List<String> texts(JsonObject object, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : array(object.get(field))) {
      if (element.isJsonPrimitive()) {
        texts.add(element.getAsString());
      }
    }
    return texts;
  }

  private static JsonArray array(JsonElement value) {
    return value != null && value.isJsonArray() ? value.getAsJsonArray() : new JsonArray();
  }

  private static boolean isNumber(JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
  }
}
