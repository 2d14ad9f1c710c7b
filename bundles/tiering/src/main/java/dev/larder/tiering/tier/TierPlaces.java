package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks of the place where a tier is to be made, and cleaning up where it could not be. */
final class TierPlaces {

  private static final Logger LOG = LoggerFactory.getLogger(TierPlaces.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String FOUND_BY_FSCK = "lost+found";

  private TierPlaces() {}

  /** A folder and what was in it. */
  record Before(Optional<Path> folder, Set<Path> content) {

    boolean wasEmpty() {
      return content.isEmpty();
    }
  }

  /** The spec with its folder as a real path, if nothing speaks against it. */
  static TierSpec check(TierSpec spec, List<TierSpec> others) throws LarderException {
    if (!NAME.matcher(spec.name()).matches()) {
      throw LarderException.invalid(
          "invalid tier name '"
              + spec.name()
              + "': use letters, digits, '.', '_' and '-', at most 64 characters");
    }
    if (spec.capacity().isPresent() && spec.capacity().getAsLong() <= 0) {
      throw LarderException.invalid("the capacity of a tier must be more than 0");
    }
    TierOptions.check(spec);
    for (TierSpec other : others) {
      if (other.name().equals(spec.name())) {
        throw new LarderException(
            ErrorCode.ALREADY_EXISTS,
            "there is a tier named '" + spec.name() + "' already, at " + other.location(),
            "choose another name");
      }
    }
    String location = VolumeOpener.isFolder(spec.location()) ? real(spec) : spec.location();
    for (TierSpec other : others) {
      if (overlap(location, other.location())) {
        throw new LarderException(
            ErrorCode.ALREADY_EXISTS,
            location + " belongs to tier " + other.name() + ", which is at " + other.location(),
            "choose another folder");
      }
    }
    return new TierSpec(
        spec.name(), location, spec.driver(), spec.role(), spec.capacity(), spec.options());
  }

  private static String real(TierSpec spec) throws LarderException {
    Path folder = Path.of(spec.location());
    if (!Files.isDirectory(folder)) {
      throw new LarderException(
          ErrorCode.NOT_FOUND,
          Files.exists(folder)
              ? spec.location() + " is not a folder"
              : "there is no folder " + spec.location(),
          "make it, or mount the medium it is on");
    }
    try {
      return folder.toRealPath().toString();
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR, spec.location() + " cannot be used: " + e.getMessage(), "", e);
    }
  }

  private static boolean overlap(String one, String other) {
    if (!VolumeOpener.isFolder(one) || !VolumeOpener.isFolder(other)) {
      return one.equals(other);
    }
    Path a = Path.of(one);
    Path b = Path.of(other);
    return a.startsWith(b) || b.startsWith(a);
  }

  /** Looks what is there before anything is made. */
  static Before look(TierSpec spec) throws LarderException {
    if (!VolumeOpener.isFolder(spec.location())) {
      return new Before(Optional.empty(), Set.of());
    }
    Path folder = Path.of(spec.location());
    try {
      return new Before(Optional.of(folder), content(folder));
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR, folder + " cannot be read: " + e, "check its owner and mode", e);
    }
  }

  private static Set<Path> content(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<Path> content = new HashSet<>(files.toList());
      content.remove(folder.resolve(FOUND_BY_FSCK));
      return content;
    }
  }

  /** Removes what a failed attempt has left; what was there before stays. */
  static void restore(Before before) {
    before
        .folder()
        .ifPresent(
            folder -> {
              try {
                for (Path file : content(folder)) {
                  if (!before.content().contains(file)) {
                    deleteTree(file);
                  }
                }
              } catch (IOException e) {
                LOG.warn("what a failed 'tier add' left in {} cannot be removed", folder, e);
              }
            });
  }

  private static void deleteTree(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
