package dev.larder.cli.command;

import dev.larder.cli.CliException;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Names;
import dev.larder.cli.text.Sizes;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads operands and values of options; what is not of its form is wrong usage. */
final class Arguments {
  private Arguments() {}

  /** A reference, with its tag. */
  static String reference(String text) throws CliException {
    return read(text, Names::reference);
  }

  /** A reference, if one was given. */
  static @Nullable String optionalReference(@Nullable String text) throws CliException {
    return text == null ? null : reference(text);
  }

  /** A duration, or a default. */
  static Duration duration(@Nullable String text, Duration otherwise) throws CliException {
    return text == null ? otherwise : read(text, Durations::parse);
  }

  /** A size in bytes. */
  static long size(String text) throws CliException {
    return read(text, Sizes::parse);
  }

  /** One of some words, in upper or lower case. */
  static @Nullable String oneOf(@Nullable String text, String option, String... words)
      throws CliException {
    if (text == null) {
      return null;
    }
    String word = text.toLowerCase(Locale.ROOT);
    for (String allowed : words) {
      if (allowed.equals(word)) {
        return allowed;
      }
    }
    throw CliException.usage(
        "'" + text + "' is no value of " + option, "use one of: " + String.join(", ", words));
  }

  private static <T> T read(String text, Function<String, T> reader) throws CliException {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()), "");
    }
  }
}
