package dev.larder.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Another tool that files can be stored with.
 *
 * @param name as in the report
 * @param programs that have to be found
 * @param before what is done first, and not measured
 * @param command what is measured
 * @param environment for both
 */
record Peer(
    String name,
    List<String> programs,
    List<List<String>> before,
    List<String> command,
    Map<String, String> environment) {

  /**
   * All that are known.
   *
   * @param input folder that is stored
   * @param output empty folder whose bytes count
   * @param state empty folder for caches, which do not count: they can be made anew
   */
  static List<Peer> all(Path input, Path output, Path state) {
    String in = input.toString();
    String out = output.toString();
    String archive = output.resolve("all.tar.zst").toString();
    return List.of(
        plain("cp -r", "cp", List.of("cp", "-r", in, out)),
        new Peer(
            "tar | zstd -3 --long=27",
            List.of("tar", "zstd"),
            List.of(),
            List.of("tar", "-I", "zstd -3 --long=27", "-cf", archive, "-C", in, "."),
            Map.of()),
        plain(
            "zstd -3, each file",
            "zstd",
            List.of("zstd", "-q", "-3", "-r", "--output-dir-mirror", out, in)),
        // It writes beside what it reads, so it gets a copy.
        new Peer(
            "lz4 -1, each file",
            List.of("lz4"),
            List.of(List.of("cp", "-r", in, out)),
            List.of("lz4", "-q", "-1", "-m", "-r", "--rm", out),
            Map.of()),
        new Peer(
            "borg create -C zstd,3",
            List.of("borg"),
            List.of(List.of("borg", "init", "-e", "none", out)),
            List.of("borg", "create", "-C", "zstd,3", out + "::all", in),
            borg(state)),
        new Peer(
            "restic backup",
            List.of("restic"),
            List.of(List.of("restic", "init", "-r", out)),
            List.of("restic", "backup", "-q", "-r", out, in),
            restic(state)),
        plain(
            "casync make",
            "casync",
            List.of(
                "casync",
                "make",
                "--store=" + output.resolve("all.castr"),
                out + "/all.caidx",
                in)));
  }

  /** Which of its programs are not on a search path, in words; empty if all are. */
  String absent(String searchPath) {
    List<String> absent =
        programs.stream().filter(program -> !Tool.isFound(program, searchPath)).toList();
    return absent.isEmpty() ? "" : String.join(" and ", absent) + " not found on the PATH";
  }

  static Map<String, String> borg(Path state) {
    return Map.of(
        "BORG_BASE_DIR", state.toString(), "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes");
  }

  static Map<String, String> restic(Path state) {
    return Map.of("RESTIC_PASSWORD", "larder-bench", "RESTIC_CACHE_DIR", state.toString());
  }

  static Peer plain(String name, String program, List<String> command) {
    return new Peer(name, List.of(program), List.of(), command, Map.of());
  }
}
