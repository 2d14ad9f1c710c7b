package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.Layout;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.PackSeal;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Volumes that were written by a later version of Larder, or by somebody who means harm. */
class HostileVolumeTest {

  private static final UUID VOLUME = new UUID(5, 6);
  private static final long SECRET = 77;

  private final MemoryDisk disk = new MemoryDisk();
  private final Bench bench = new Bench(4 << 10);

  @AfterEach
  void close() {
    bench.close();
  }

  private void superblock(
      long generation, long epoch, UUID writer, long bytesWritten, long sequenceFloor) {
    Superblock superblock =
        new Superblock(
            generation,
            VOLUME,
            epoch,
            writer,
            MemoryDisk.SECTOR,
            1 << 20,
            SECRET,
            bytesWritten,
            0,
            sequenceFloor,
            0,
            0);
    for (int copy = 0; copy < 2; copy++) {
      disk.superblocks[copy] = superblock.encode().array();
    }
  }

  private static byte[] join(ByteBuffer... parts) {
    ByteBuffer out =
        ByteBuffer.allocate(Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
    for (ByteBuffer part : parts) {
      out.put(part.duplicate());
    }
    return out.array();
  }

  /** A record whose header has some bytes that this version does not know. */
  private static ByteBuffer record(
      int type, int count, ByteBuffer fields, int unknown, ByteBuffer payload, long offset) {
    int header = Layout.COMMON_HEADER_BYTES + fields.remaining() + unknown + Layout.CRC_BYTES;
    int crc = type == RecordHeader.RUN ? 0 : Checksum.of(payload);
    ByteBuffer out = ByteBuffer.allocate(header + payload.remaining());
    new RecordHeader(type, 0, count, header, payload.remaining(), crc).put(out);
    out.put(fields.duplicate());
    RecordHeader.seal(out, 0, header, new PackSeal(SECRET, 1), offset);
    out.position(header).put(payload.duplicate());
    return out.clear();
  }

  @Test
  void aManifestOfALaterVersionWithMoreFieldsInItsHeaderIsRead() throws IOException {
    superblock(1, 1, Bench.GATEWAY, 0, 0);
    byte[] content = Bench.text(3_000, 1);
    Digest digest = Bench.digest(content);
    ByteBuffer head =
        new PackHeader(1, 512, VOLUME, 1, 1, List.of()).encode(new PackSeal(SECRET, 1));
    ByteBuffer table = ByteBuffer.allocate(Layout.RUN_ENTRY_BYTES);
    digest.write(table);
    int crc = Checksum.of(ByteBuffer.wrap(content));
    new StoredBlock(content.length, content.length, 0, 0, crc).put(table);
    ByteBuffer run = record(RecordHeader.RUN, 1, table.flip(), 24, ByteBuffer.wrap(content), 512);
    CommitFields fields = new CommitFields(1, new Stamp(1, Bench.GATEWAY, 1, 0));
    ByteBuffer commit = ByteBuffer.allocate(CommitFields.BYTES);
    fields.put(commit);
    ByteBuffer list =
        new ManifestHead(
                digest, content.length, ArtifactKind.MODEL, 1, content.length, Bench.FIXED, "")
            .encode();
    ByteBuffer payload = ByteBuffer.allocate(list.remaining() + Layout.MANIFEST_BLOCK_BYTES);
    payload.put(list);
    digest.write(payload);
    payload.putInt(content.length).flip();
    ByteBuffer manifest =
        record(RecordHeader.MANIFEST, 0, commit.flip(), 40, payload, 512 + run.remaining());
    MemoryDisk.Pack pack = new MemoryDisk.Pack();
    pack.bytes = join(head, run, manifest);
    pack.size = pack.bytes.length;
    disk.packs.put(1L, pack);
    try (Volume volume = bench.open(disk)) {
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
      bench.put(volume, Bench.text(100, 2)); // so that there is something to merge
      Bench.collect(volume, Set.of(digest));
      assertThat(Bench.get(volume, digest)).isEqualTo(content);
    }
  }

  @Test
  void aSuperblockThatClaimsManyBytesWrittenDoesNotMakeTheNextOneUnreadable() throws IOException {
    superblock(1, 1, new UUID(8, 8), Long.MAX_VALUE, 0);
    for (int i = 0; i < 4; i++) { // each copy is written at least once
      try (Volume volume = bench.open(disk)) {
        bench.put(volume, Bench.text(9_000, i));
        assertThat(volume.artifacts()).hasSize(i + 1);
      }
    }
  }

  @Test
  void nothingIsAcknowledgedThatTheNextOpeningWouldNotBelieve() throws IOException {
    superblock(1, 1, Bench.GATEWAY, 0, Layout.COUNTER_TRUSTED - 3);
    int acknowledged = 0;
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 5; i++) {
        bench.put(volume, Bench.text(1_000, i));
        acknowledged++;
      }
    } catch (LarderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
    }
    assertThat(acknowledged).isEqualTo(2);
    try (Volume volume = bench.open(disk)) {
      assertThat(volume.artifacts()).hasSize(2);
    }
  }

  @Test
  void aCounterOfTheSuperblockAtItsEndIsNotWrappedAround() throws IOException {
    for (boolean generation : new boolean[] {true, false}) {
      superblock(
          generation ? Long.MAX_VALUE : 1, generation ? 1 : Long.MAX_VALUE, new UUID(8, 8), 0, 0);
      Volume volume = bench.open(disk);
      assertThatThrownBy(() -> bench.put(volume, Bench.text(1_000, 1)))
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      volume.medium().close();
      try (Volume again = bench.open(disk)) {
        assertThat(again.artifacts()).isEmpty();
      }
    }
  }
}
