package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindsTest {
  @TempDir Path folder;

  private String byContent(String name, byte[] content) throws IOException, CliException {
    Path file = Files.write(folder.resolve(name), content);
    Kinds kinds = Kinds.in(folder);
    assertThat(kinds.byName(file)).isEmpty();
    ByteBuffer room = ByteBuffer.allocateDirect(1 << 20);
    return kinds.byContent(Content.read(file, ArtifactKind.MODEL, room));
  }

  @ParameterizedTest
  @CsvSource({"F32,4,fp32", "F16,2,fp16", "BF16,2,bf16", "I8,1,int8", "I64,8,other"})
  void safetensorsAreWhatMostOfTheirNumbersAre(String type, int bytes, String kind)
      throws IOException, CliException {
    String header =
        """
        {"a":{"dtype":"%s","shape":[8192],"data_offsets":[0,%d]},\
        "b":{"dtype":"I32","shape":[4],"data_offsets":[%d,%d]}}"""
            .formatted(type, 8192 * bytes, 8192 * bytes, 8192 * bytes + 16);
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 8192 * bytes + 16);
    file.put((byte) header.length()).position(8).put(header.getBytes(StandardCharsets.US_ASCII));
    assertThat(byContent("m.safetensors", file.array())).isEqualTo(kind);
  }

  @Test
  void ggufIsKnownByItsMagicAndTheRestIsOther() throws IOException, CliException {
    assertThat(byContent("m.bin", "GGUF....".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("gguf");
    assertThat(byContent("n.bin", new byte[] {1, 2})).isEqualTo("other");
  }

  @Test
  void protocolDataAreKnownByTheirNames() throws CliException {
    Kinds kinds = Kinds.in(folder);
    assertThat(kinds.byName(folder.resolve("can.v2/Truck.DBC"))).contains("protocol");
    assertThat(kinds.byName(folder.resolve("can.dbc/model"))).isEmpty();
    assertThat(Kinds.artifactKind("protocol")).isEqualTo(ArtifactKind.PROTOCOL_DATA);
    assertThat(Kinds.artifactKind("fp16")).isEqualTo(ArtifactKind.MODEL);
  }

  @Test
  void aManifestIsBelieved() throws IOException, CliException {
    Path manifest = folder.resolve(Kinds.MANIFEST);
    Files.writeString(
        manifest, "bytes\tkind\tfile\n7\tfp8\tsub/a.json\n7\t\tb.json\n7\tmodel\tc\n7\n");
    Kinds kinds = Kinds.in(folder);
    assertThat(kinds.byName(folder.resolve("sub/a.json"))).contains("fp8");
    assertThat(kinds.byName(folder.resolve("b.json"))).contains("protocol");
    assertThat(kinds.byName(folder.resolve("c"))).isEmpty();
    assertThat(kinds.isManifest(manifest)).isTrue();
  }

  @Test
  void aManifestWithoutTheColumnsIsAFileLikeOthers() throws IOException, CliException {
    Path manifest = Files.writeString(folder.resolve(Kinds.MANIFEST), "name\tsize\na\t1\n");
    assertThat(Kinds.in(folder).isManifest(manifest)).isFalse();
  }
}
