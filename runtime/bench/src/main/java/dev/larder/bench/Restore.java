package dev.larder.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Another tool that a file can be brought back with.
 *
 * @param peer what it does before, to store the file, and what is measured
 * @param stored file or folder that it reads
 * @param deduplicates whether it stores equal parts of files once
 */
record Restore(Peer peer, Path stored, boolean deduplicates) {

  /** Whether it reads the file itself. */
  boolean isPlain() {
    return peer.before().isEmpty();
  }

  /**
   * All that are known, {@code cp} first.
   *
   * @param file that is stored
   * @param folder for what they store, and for their caches
   * @param target empty folder that the file is brought back to
   */
  static List<Restore> all(Path file, Path folder, Path target) {
    String in = file.toString();
    String out = target.resolve("copy").toString();
    Path zstd = folder.resolve("model.zst");
    Path borg = folder.resolve("borg");
    Path restic = folder.resolve("restic");
    Path casync = folder.resolve("casync");
    Path state = folder.resolve("state");
    String store = "--store=" + casync.resolve("model.castr");
    String index = casync.resolve("model.caibx").toString();
    return List.of(
        new Restore(Peer.plain("cp", "cp", List.of("cp", in, out)), file, false),
        new Restore(
            Peer.plain(
                "dd bs=1M iflag=direct",
                "dd",
                List.of("dd", "if=" + in, "of=" + out, "bs=1M", "iflag=direct")),
            file,
            false),
        new Restore(
            new Peer(
                "zstd -d",
                List.of("zstd"),
                List.of(List.of("zstd", "-q", "-3", in, "-o", zstd.toString())),
                List.of("zstd", "-q", "-d", zstd.toString(), "-o", out),
                Map.of()),
            zstd,
            false),
        new Restore(
            new Peer(
                "borg extract",
                List.of("borg"),
                List.of(
                    List.of("borg", "init", "-e", "none", borg.toString()),
                    List.of("borg", "create", "-C", "zstd,3", borg + "::all", in)),
                // It knows no target but the current folder.
                List.of(
                    "sh",
                    "-c",
                    "cd \"$0\" && borg extract \"$1\"",
                    target.toString(),
                    borg + "::all"),
                Peer.borg(state)),
            borg,
            true),
        new Restore(
            new Peer(
                "restic restore",
                List.of("restic"),
                List.of(
                    List.of("restic", "init", "-r", restic.toString()),
                    List.of("restic", "backup", "-q", "-r", restic.toString(), in)),
                List.of(
                    "restic",
                    "restore",
                    "-q",
                    "latest",
                    "-r",
                    restic.toString(),
                    "-t",
                    target.toString()),
                Peer.restic(state)),
            restic,
            true),
        new Restore(
            new Peer(
                "casync extract",
                List.of("casync"),
                List.of(
                    List.of("mkdir", casync.toString()),
                    List.of("casync", "make", store, index, in)),
                List.of("casync", "extract", store, index, out),
                Map.of()),
            casync,
            true));
  }
}
