package dev.larder.itest.gateway;

import java.util.ArrayList;
import java.util.List;

/** What can be done on the machine that runs the tests. */
public final class Machine {
  private static final String[] NOBODY = {
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
  };

  private Machine() {}

  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Whether a command can be run as a user without rights. */
  public static boolean canBeNobody() {
    return Command.works(
        asNobody(List.of(Gateway.DISTRIBUTION + "/bin/larder", "--version"))
            .toArray(String[]::new));
  }

  /** A command, run as a user without rights. */
  public static List<String> asNobody(List<String> command) {
    List<String> words = new ArrayList<>(List.of(NOBODY));
    words.addAll(command);
    return words;
  }
}
