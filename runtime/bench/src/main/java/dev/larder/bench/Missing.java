package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What could not be measured.
 *
 * @param what a tool or a folder
 * @param why it is not there or did not work
 */
record Missing(String what, String why) {

  /** For people. */
  String line() {
    return "not measured: " + what + ": " + why;
  }

  /**
   * For programs.
   *
   * @param field that names it, such as {@code tool}
   */
  static JsonArray toJson(List<Missing> all, String field) {
    JsonArray array = new JsonArray();
    for (Missing missing : all) {
      JsonObject json = new JsonObject();
      json.addProperty(field, missing.what());
      json.addProperty("why", missing.why());
      array.add(json);
    }
    return array;
  }
}
