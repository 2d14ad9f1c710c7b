package dev.larder.policy.cache.adaptive;

import java.util.Arrays;
import java.util.Locale;

/** What a hit is worth. */
public enum Objective {
  /** Each the same: object hit ratio. */
  OHR,
  /** Its bytes: byte hit ratio. */
  BHR,
  /** The mean of object and byte hit ratio: its bytes and as many as the mean access has. */
  JOINT,
  /** The measured time that loading would take. */
  SECONDS;

  /** The one of that name, in small letters. */
  static Objective of(String name) {
    return Arrays.stream(values())
        .filter(objective -> objective.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    AdaptivePolicy.PID
                        + ": objective is '"
                        + name
                        + "', set it to seconds, ohr, bhr or joint"));
  }
}
