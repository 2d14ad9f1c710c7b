package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A machine as the kernel would show it. Written after proc_pid_mountinfo(5) and the kernel's
 * Documentation/ABI/stable/sysfs-block; no recording of a real board.
 */
final class RecordedMachine {

  private final Path root;
  private final StringBuilder mounts = new StringBuilder();
  private final Map<Path, Machine.Space> spaces = new HashMap<>();

  RecordedMachine(Path folder) throws IOException {
    this.root = folder.toRealPath();
    mount("/", "ext4", "179:2", "/dev/mmcblk0p2", "rw,noatime", "rw");
    disk("mmcblk0", "179:0", "none [mq-deadline] bfq");
    partition("mmcblk0", "mmcblk0p2", "179:2");
  }

  RecordedMachine mount(
      String place, String type, String device, String source, String options, String superOptions)
      throws IOException {
    mounts.append(
        String.join(
            " ",
            "36",
            "25",
            device,
            "/",
            place,
            options,
            "shared:1",
            "-",
            type,
            source,
            superOptions));
    mounts.append('\n');
    return file("proc/self/mountinfo", mounts.toString());
  }

  RecordedMachine disk(String name, String device, String scheduler) throws IOException {
    String folder = "sys/devices/platform/" + name;
    file(folder + "/queue/scheduler", scheduler + "\n");
    file(folder + "/queue/read_ahead_kb", "128\n");
    file(folder + "/ro", "0\n");
    return link(device, folder);
  }

  RecordedMachine partition(String disk, String name, String device) throws IOException {
    String folder = "sys/devices/platform/" + disk + "/" + name;
    file(folder + "/partition", "2\n");
    return link(device, folder);
  }

  private RecordedMachine link(String device, String folder) throws IOException {
    Path links = Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(links.resolve(device), root.resolve(folder));
    return this;
  }

  RecordedMachine file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  RecordedMachine space(String folder, long total, long usable, long block) {
    spaces.put(Path.of(folder), new Machine.Space(total, usable, block));
    return this;
  }

  Machine machine() {
    return new Machine(root) {
      @Override
      Optional<Space> space(Path folder) {
        return Optional.ofNullable(spaces.get(folder));
      }
    };
  }
}
