package dev.larder.itest.faults;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.media.simulated.FaultRule;
import dev.larder.media.simulated.SimulatedDisk;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Manifest;
import dev.larder.store.Pace;
import dev.larder.store.StagedArtifact;
import dev.larder.store.Volume;
import dev.larder.store.VolumeContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One medium of a world, the volume on it while it is open, and what it has promised. */
final class Site {

  /** With these nothing was done at all. */
  private static final Set<ErrorCode> REFUSALS =
      EnumSet.of(
          ErrorCode.TIER_FULL,
          ErrorCode.NOT_FOUND,
          ErrorCode.READ_ONLY,
          ErrorCode.INVALID_ARGUMENT,
          ErrorCode.UNAVAILABLE);

  private final String name;
  private final World world;
  private final SimulatedDisk disk;
  private final Oracle oracle = new Oracle();
  private final List<StagedArtifact> staged = new ArrayList<>();
  private Volume volume;
  private long struckBefore;
  private boolean lossy;
  private final Set<Integer> rottenSuperblocks = new HashSet<>();

  Site(String name, World world, SimulatedDisk disk) {
    this.name = name;
    this.world = world;
    this.disk = disk;
  }

  SimulatedDisk disk() {
    return disk;
  }

  Oracle oracle() {
    return oracle;
  }

  Volume volume() {
    return volume;
  }

  List<StagedArtifact> staged() {
    return staged;
  }

  boolean isOpen() {
    return volume != null;
  }

  /** From now on it may have lost what it acknowledged. */
  void mayLose() {
    lossy = true;
  }

  /** Flips bits at rest. */
  void rot(int bits) {
    mayLose();
    List<String> places = disk.rot(bits);
    world.trace(() -> name + " rots: " + places);
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      String superblock = "superblock " + copy;
      if (places.stream().anyMatch(place -> place.endsWith(superblock))) {
        rottenSuperblocks.add(copy);
      }
    }
  }

  /** Whether it need not open: no copy of the superblock is left. */
  boolean isHopeless() {
    return rottenSuperblocks.size() == Medium.SUPERBLOCK_COPIES;
  }

  boolean isLossy() {
    return lossy;
  }

  /** Whether something has gone wrong on its medium since it was opened. */
  boolean troubled() {
    return disk.plan().struck() > struckBefore;
  }

  void follow(List<FaultRule> rules) {
    disk.plan().follow(rules);
  }

  void open(VolumeContext context) throws IOException {
    struckBefore = disk.plan().struck();
    volume = Volume.open(disk.open(), context);
  }

  /** Ends it in order. */
  void close() throws IOException {
    Volume open = volume;
    forget();
    open.close();
  }

  /** Its process has died. The medium's cache is as it was. */
  void die() {
    disk.abandon();
    Volume open = volume;
    forget();
    if (open != null) {
      try {
        open.close(); // of a process that is no more; frees memory here
      } catch (IOException e) {
        world.trace(() -> name + " was dead: " + e.getMessage());
      }
    }
  }

  private void forget() {
    volume = null;
    staged.clear();
  }

  /** Commits and tells the oracle how it went. */
  void commit(Intent intent, List<Change> changes) throws IOException {
    oracle.intends(intent);
    world.trace(() -> "  commits " + intent);
    try {
      volume.commit(changes);
    } catch (LarderException e) {
      if (REFUSALS.contains(e.code())) {
        oracle.refused(intent);
      }
      throw e;
    }
    oracle.acknowledged(intent);
  }

  /** Compares what is found after opening with what was promised. */
  void inspect(boolean strict) throws IOException {
    Set<Digest> found = new HashSet<>();
    volume.artifacts().forEach(artifact -> found.add(artifact.digest()));
    if (lossy && !strict) {
      oracle.settleAfterLoss(found, volume.references());
    } else {
      oracle.settle(found, volume.references());
    }
    for (ArtifactEntry artifact : volume.artifacts()) {
      byte[] content = world.contents().of(artifact.digest());
      Oracle.require(content != null, () -> "a content that nobody ever put: " + artifact);
      Oracle.require(artifact.size() == content.length, () -> "another size: " + artifact);
      check(artifact.digest(), content, Cancellation.NEVER);
    }
  }

  /** Reads an artifact in one of two ways; damage may be told where there may be some. */
  void check(Digest digest, byte[] content, Cancellation cancellation) throws IOException {
    try {
      byte[] read = world.random().nextInt(8) > 0 ? all(digest, cancellation) : inOrder(digest);
      Oracle.require(Arrays.equals(read, content), () -> "WRONG BYTES of " + digest);
    } catch (LarderException e) {
      if (!(lossy && e.code() == ErrorCode.CORRUPT)) {
        throw e;
      }
      world.trace(() -> name + " told of damage: " + e.getMessage());
    }
  }

  /** Whether an artifact can be read here. */
  boolean isWhole(Digest digest) throws IOException {
    try {
      all(digest, Cancellation.NEVER);
      return true;
    } catch (LarderException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        throw e;
      }
      return false;
    }
  }

  /** Nothing may be wrong with it any more. */
  void checkRepaired(Digest digest, byte[] content) throws IOException {
    Oracle.require(isWhole(digest), () -> "still damaged: " + digest);
    check(digest, content, Cancellation.NEVER);
  }

  private byte[] all(Digest digest, Cancellation cancellation) throws IOException {
    Manifest manifest = volume.manifest(digest);
    byte[] content = new byte[(int) manifest.size()];
    volume.read(
        manifest,
        0,
        manifest.size(),
        (at, bytes) -> bytes.get(content, (int) at, bytes.remaining()),
        cancellation);
    return content;
  }

  private byte[] inOrder(Digest digest) throws IOException {
    Manifest manifest = volume.manifest(digest);
    ByteBuffer content = ByteBuffer.allocate((int) manifest.size() + 1);
    try (ReadableByteChannel in = volume.open(manifest, 0, manifest.size())) {
      while (in.read(content) >= 0) {
        Oracle.require(content.hasRemaining(), () -> "longer than its size: " + digest);
      }
    }
    return Arrays.copyOf(content.array(), content.position());
  }

  void reencode() throws IOException {
    volume.reencode(Pace.UNLIMITED, Cancellation.NEVER);
  }

  void scrub() throws IOException {
    long struck = disk.plan().struck();
    ScrubReport report = volume.scrub(Cancellation.NEVER);
    // Where a force has failed, blocks that were to be covered by it are gone, and nothing uses
    // them. What cannot be read just now counts as bad, too.
    boolean whole = !lossy && volume.writable() && disk.plan().struck() == struck;
    Oracle.require(!whole || report.bad() == 0, () -> "scrub found damage: " + report);
  }

  /** What is visible while it is open. */
  void look() {
    Set<Digest> found = new HashSet<>();
    volume.artifacts().forEach(artifact -> found.add(artifact.digest()));
    oracle.checkLive(found, volume.references());
  }

  @Override
  public String toString() {
    return name;
  }
}
