package dev.larder.media.folder;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the files in a volume's folder. */
final class PackNames {

  private static final Pattern PACK = Pattern.compile("pack-([0-7][0-9a-f]{15})\\.lpk");
  private static final String TEMPORARY = ".tmp";

  private PackNames() {}

  /** {@code pack-0000000000000001.lpk}. */
  static String pack(long number) {
    if (number < 1) {
      throw new IllegalArgumentException("pack number " + number + " is less than 1");
    }
    return String.format(Locale.ROOT, "pack-%016x.lpk", number);
  }

  /** The number in the name of a pack; empty for any other file. */
  static OptionalLong number(String fileName) {
    Matcher matcher = PACK.matcher(fileName);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1), 16);
    return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  static String superblock(int copy) {
    if (copy != 0 && copy != 1) {
      throw new IllegalArgumentException("superblock copy " + copy + " is neither 0 nor 1");
    }
    return "superblock." + copy;
  }

  /** What a superblock is written to before it takes its name. */
  static String superblockTemporary(int copy) {
    return superblock(copy) + TEMPORARY;
  }

  /** What a probe writes to. */
  static String probe() {
    return "probe" + TEMPORARY;
  }

  /** Whether it is ours and of no use after a crash. */
  static boolean temporary(String fileName) {
    return fileName.equals(probe())
        || fileName.equals(superblockTemporary(0))
        || fileName.equals(superblockTemporary(1));
  }
}
