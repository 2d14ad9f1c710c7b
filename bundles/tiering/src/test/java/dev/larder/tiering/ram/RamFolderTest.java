package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RamFolderTest {

  private static final Digest DIGEST = new Digest(1, 2, 3, 4);

  private RamTestFolder test;
  private Path ram;

  @BeforeEach
  void makeFolder() throws IOException {
    test = new RamTestFolder();
    ram = test.ram();
  }

  @AfterEach
  void removeFolder() throws IOException {
    test.close();
  }

  private RamFolder open() throws IOException {
    return RamFolder.open(ram, Optional.empty());
  }

  private void refused(Path path, ErrorCode code, String message) {
    assertThatThrownBy(() -> RamFolder.open(path, Optional.empty()))
        .isInstanceOfSatisfying(
            LarderException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message, path.toString());
              assertThat(e.advice()).contains("$LARDER_RAM");
            });
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isMadeForItsOwnerAndItsGroupToRead() throws Exception {
    try (RamFolder folder = open()) {
      assertThat(mode(ram)).isEqualTo("rwxr-x---");
      assertThat(mode(folder.blobs())).isEqualTo("rwxr-x---");
      RamFile file = folder.create(DIGEST, 3);
      assertThat(mode(file.path())).isEqualTo("rw-------");
      file.accept(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      folder.publish(file);
      assertThat(mode(folder.blob(DIGEST))).isEqualTo("r--r-----");
      assertThat(folder.blob(DIGEST)).hasBinaryContent(new byte[] {1, 2, 3});
      assertThat(folder.temporaries()).isEmptyDirectory();
    }
  }

  @Test
  void aFolderThatIsTooOpenIsClosedToOthers() throws Exception {
    Files.createDirectory(ram);
    Files.setPosixFilePermissions(ram, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (RamFolder folder = open()) {
      assertThat(mode(folder.root())).isEqualTo("rwxr-x---");
    }
  }

  @Test
  void aSecondGatewayIsRefused() throws Exception {
    try (RamFolder first = open()) {
      refused(ram, ErrorCode.LOCKED, "another gateway");
      assertThat(first.blobs()).exists();
    }
    open().close();
  }

  @Test
  void aLinkIsRefused() throws Exception {
    Path real = Files.createDirectory(test.base().resolve("real"));
    Files.createSymbolicLink(ram, real);
    refused(ram, ErrorCode.INVALID_ARGUMENT, "link");
  }

  @Test
  void aFileIsRefused() throws Exception {
    Files.createFile(ram);
    refused(ram, ErrorCode.INVALID_ARGUMENT, "not a folder");
  }

  @Test
  void aFolderWithOtherThingsIsRefusedAndLeftAlone() throws Exception {
    Path precious = Files.createDirectories(ram.resolve("tmp")).resolve("precious");
    Files.createFile(precious);
    refused(ram, ErrorCode.INVALID_ARGUMENT, "other things");
    assertThat(precious).exists();
  }

  @Test
  void someoneElsesFolderIsRefused() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    Files.createDirectory(ram);
    Files.setAttribute(ram, "unix:uid", 65534);
    refused(ram, ErrorCode.INVALID_ARGUMENT, "belongs to");
  }

  @Test
  void anUnknownGroupIsRefused() {
    assertThatThrownBy(() -> RamFolder.open(ram, Optional.of("no-such-group-here")))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("no-such-group-here");
  }

  @Test
  void aGroupMayRead() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"));
    String group = "daemon";
    try (RamFolder folder = RamFolder.open(ram, Optional.of(group))) {
      folder.publish(folder.create(DIGEST, 0));
      for (Path path : new Path[] {ram, folder.blobs(), folder.blob(DIGEST)}) {
        assertThat(Files.getAttribute(path, "posix:group")).hasToString(group);
      }
    }
  }

  @Test
  void closingLeavesWhatIsFinishedAndNothingElse() throws Exception {
    RamFolder folder = open();
    folder.publish(folder.create(DIGEST, 0));
    RamFile late = folder.create(new Digest(2, 2, 3, 4), 0);
    folder.close();
    assertThat(folder.blob(DIGEST)).exists();
    assertThat(folder.temporaries()).doesNotExist();
    assertThatThrownBy(() -> folder.publish(late))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    folder.abandon(late);
    assertThat(folder.blobs()).isDirectoryContaining(path -> path.equals(folder.blob(DIGEST)));
  }

  @Test
  void bytesOutsideTheFileAreRefused() throws Exception {
    try (RamFolder folder = open()) {
      RamFile file = folder.create(DIGEST, 10);
      assertThatThrownBy(() -> file.accept(8, ByteBuffer.allocate(3)))
          .isInstanceOf(LarderException.class);
      assertThatThrownBy(() -> file.accept(-1, ByteBuffer.allocate(1)))
          .isInstanceOf(LarderException.class);
      file.accept(8, ByteBuffer.allocate(2));
      assertThat(file.written()).isEqualTo(2);
      folder.abandon(file);
      assertThat(folder.temporaries()).isEmptyDirectory();
    }
  }
}
