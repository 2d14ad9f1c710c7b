package dev.larder.bench;

import dev.larder.api.ArtifactKind;
import dev.larder.chunker.tensor.TensorChunker;
import dev.larder.cli.CliException;
import dev.larder.spi.chunking.Chunker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of data a file is: as a manifest says, else protocol data by its name, else the type of
 * most of its numbers, as far as the chunker of tensors can tell.
 */
final class Kinds {
  /** The manifest that is looked for in the folder. */
  static final String MANIFEST = "MANIFEST.tsv";

  static final String PROTOCOL = "protocol";
  static final String GGUF = "gguf";
  static final String OTHER = "other";

  private static final byte[] GGUF_MAGIC = {'G', 'G', 'U', 'F'};

  /** What a manifest may say without telling the type of the numbers. */
  private static final Set<String> VAGUE = Set.of("", "model");

  /** Those that a gateway takes for protocol data if a put does not say what it is. */
  private static final Set<String> PROTOCOL_ENDINGS =
      Set.of(
          "arxml", "csv", "dbc", "eds", "esi", "gsd", "gsdml", "json", "jsonl", "kcd", "ldf",
          "pcap", "sym", "xdd", "xml", "yaml", "yml");

  /** By the names that safetensors, ONNX and TensorFlow Lite have for them. */
  private static final Map<String, String> ELEMENTS =
      Map.ofEntries(
          Map.entry("F32", "fp32"),
          Map.entry("FLOAT", "fp32"),
          Map.entry("FLOAT32", "fp32"),
          Map.entry("F16", "fp16"),
          Map.entry("FLOAT16", "fp16"),
          Map.entry("BF16", "bf16"),
          Map.entry("BFLOAT16", "bf16"),
          Map.entry("I8", "int8"),
          Map.entry("U8", "int8"),
          Map.entry("INT8", "int8"),
          Map.entry("UINT8", "int8"));

  private final Chunker tensors = new TensorChunker();
  private final Path root;
  private final Map<String, String> listed;

  private Kinds(Path root, Map<String, String> listed) {
    this.root = root;
    this.listed = listed;
  }

  /** For the files of a folder: reads its manifest, if there is one with these two columns. */
  static Kinds in(Path root) throws CliException {
    Path manifest = root.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      return new Kinds(root, Map.of());
    }
    try {
      return new Kinds(root, listed(Files.readAllLines(manifest)));
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR", "cannot read " + manifest + ": " + e.getMessage(), "correct or remove it");
    }
  }

  private static Map<String, String> listed(List<String> lines) {
    List<String> columns = lines.isEmpty() ? List.of() : List.of(lines.get(0).split("\t", -1));
    int file = columns.indexOf("file");
    int kind = columns.indexOf("kind");
    Map<String, String> listed = new HashMap<>();
    if (file >= 0 && kind >= 0) {
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split("\t", -1);
        if (cells.length > Math.max(file, kind) && !VAGUE.contains(cells[kind])) {
          listed.put(cells[file], cells[kind]);
        }
      }
    }
    return listed;
  }

  /** Whether a file is the manifest that is in use, which is no data. */
  boolean isManifest(Path file) {
    return !listed.isEmpty() && file.equals(root.resolve(MANIFEST));
  }

  /** The kind that the manifest gives, or the name suggests. */
  Optional<String> byName(Path file) {
    String name = root.relativize(file).toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String likely = PROTOCOL_ENDINGS.contains(ending) ? PROTOCOL : null;
    return Optional.ofNullable(listed.getOrDefault(name, likely));
  }

  /** The kind of a content that {@link #byName} does not tell. */
  String byContent(Content content) throws CliException {
    ByteBuffer head = content.head();
    if (head.limit(Math.min(head.limit(), GGUF_MAGIC.length)).equals(ByteBuffer.wrap(GGUF_MAGIC))) {
      return GGUF;
    }
    if (content.suitability(tensors) == 0) {
      return OTHER;
    }
    Map<String, Long> bytes = new HashMap<>();
    content.cut(
        tensors,
        (block, annotation) -> bytes.merge(annotation.type(), (long) block.remaining(), Long::sum));
    bytes.remove(""); // of which nothing is known
    return bytes.entrySet().stream()
        .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(most -> ELEMENTS.getOrDefault(most.getKey(), OTHER))
        .orElse(OTHER);
  }

  /** What a gateway is told about a kind. */
  static ArtifactKind artifactKind(String kind) {
    return kind.equals(PROTOCOL) ? ArtifactKind.PROTOCOL_DATA : ArtifactKind.MODEL;
  }

  /** Models before protocol data, what is not known last. */
  static Comparator<String> order() {
    List<String> order = List.of("fp32", "fp16", "bf16", "int8", GGUF, PROTOCOL, OTHER);
    return Comparator.<String>comparingInt(
            kind -> order.contains(kind) ? order.indexOf(kind) : order.size() - 1)
        .thenComparing(Comparator.naturalOrder());
  }
}
