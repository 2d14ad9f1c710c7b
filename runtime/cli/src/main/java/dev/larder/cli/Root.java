package dev.larder.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code larder} itself. */
@Command(
    name = "larder",
    synopsisSubcommandLabel = "COMMAND",
    header = "Keeps AI models and protocol data on tiers and swaps them into memory.",
    description = "",
    footer = {
      "",
      "REF is NAME or NAME:TAG. Sizes: 512m, 6g. Durations: 500ms, 60s, 10m.",
      "Exit status: 0 done, 1 failed, 2 wrong usage. 'larder COMMAND --help' tells more."
    })
final class Root {
  @Mixin private final Common common;

  @Option(
      names = {"-V", "--version"},
      description = "Print the version.")
  private boolean version;

  Root(Common common) {
    this.common = common;
  }

  boolean version() {
    return version;
  }

  Common common() {
    return common;
  }
}
