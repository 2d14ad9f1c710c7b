package dev.larder.spi.media;

import java.util.Map;

/**
 * A mounted file system and the block device behind it, as read from {@code /proc/mounts} and
 * {@code /sys/block}.
 *
 * @param mountPoint where it is mounted
 * @param fileSystem its type, such as {@code ext4}
 * @param device kernel name of the partition or disk, such as {@code mmcblk0p1}; empty for none
 * @param disk kernel name of the whole disk, such as {@code mmcblk0}; empty for none
 * @param attributes files below {@code /sys/block/DISK}, by relative path ({@code
 *     queue/rotational}, {@code device/type}, {@code device/name}, {@code
 *     queue/physical_block_size}, …), trimmed; only those that exist; and {@link #MOUNT_OPTIONS}
 */
public record DeviceDescription(
    String mountPoint,
    String fileSystem,
    String device,
    String disk,
    Map<String, String> attributes) {

  /** Attribute: how it is mounted, such as {@code rw,noatime,dax=always}. */
  public static final String MOUNT_OPTIONS = "mount/options";

  /** An attribute, or a default where it does not exist. */
  public String attribute(String path, String otherwise) {
    return attributes.getOrDefault(path, otherwise);
  }
}
