package dev.larder.cli;

/** What a command does once its arguments are read. */
public interface Action {
  /**
   * Does it.
   *
   * @return exit status
   */
  int run() throws CliException;
}
