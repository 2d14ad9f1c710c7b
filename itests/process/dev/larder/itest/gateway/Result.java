package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/**
 * What a process that has ended left behind.
 *
 * @param command for messages
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
public record Result(List<String> command, int status, String out, String err) {
  /** Asserts that it worked. */
  public Result ok() {
    assertThat(status).as("%s printed %s%s", command, out, err).isZero();
    return this;
  }

  /** The one document on standard output of a command that worked. */
  public JsonElement json() {
    ok();
    return document();
  }

  /** The one document, an object, of a command that worked. */
  public JsonObject object() {
    return json().getAsJsonObject();
  }

  /** The one document on standard output. */
  public JsonElement document() {
    assertThat(out.strip().lines()).as("one document of %s", command).hasSize(1);
    return JsonParser.parseString(out);
  }

  /** Asserts that it failed as a user should see it: status, one clear line, no stack trace. */
  public Result failed(int expected, String... words) {
    assertThat(status).as("%s printed %s%s", command, out, err).isEqualTo(expected);
    assertThat(err.strip().lines()).as("lines on stderr of %s", command).hasSize(1);
    assertThat(err).startsWith("larder: ");
    for (String word : words) {
      assertThat(err).contains(word);
    }
    assertThat(err).doesNotContain("Exception", "\tat ", "null");
    return this;
  }

  /** Asserts that it failed with a stable code, told as JSON. */
  public Result failedWith(String code, String... words) {
    failed(1, words);
    assertThat(document().getAsJsonObject().get("code").getAsString()).isEqualTo(code);
    return this;
  }
}
