package dev.larder.doctor;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mounted file system.
 *
 * @param source device or server
 * @param place where
 * @param type such as {@code ext4}
 * @param device major and minor number, {@code 179:1}; those of a network or virtual one begin with
 *     0
 * @param options those of the mount and of the file system together, in the kernel's order
 */
record Mount(String source, String place, String type, String device, Set<String> options) {

  static Set<String> options(String... lists) {
    return Arrays.stream(lists)
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .filter(option -> !option.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean has(String option) {
    return options.contains(option);
  }

  boolean hasPrefix(String prefix) {
    return options.stream().anyMatch(option -> option.startsWith(prefix));
  }

  boolean isReadOnly() {
    return has("ro");
  }

  /** By the name that the kernel has for the driver, without what FUSE puts before it. */
  String family() {
    return type.toLowerCase(Locale.ROOT)
        .replaceFirst("^fuse\\..*", "fuse")
        .replace("fuseblk", "fuse");
  }

  /** A line for {@code /etc/fstab} with some options added and others left out. */
  String fstab(Set<String> added, Set<String> removed) {
    Set<String> wanted = new LinkedHashSet<>(added);
    options.stream()
        .filter(option -> !removed.contains(option) && !DEFAULTS.contains(option))
        .forEach(wanted::add);
    String all = wanted.isEmpty() ? "defaults" : String.join(",", wanted);
    String pass = place.equals("/") ? "1" : "2";
    return String.join(" ", escape(source), escape(place), type, all, "0", pass);
  }

  private static final Set<String> DEFAULTS = Set.of("rw", "relatime", "seclabel");

  private static String escape(String field) {
    return field.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
  }
}
