package dev.larder.itest.fuzz;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.api.Reference;
import dev.larder.spi.codec.BlockContext;
import dev.larder.spi.codec.BlockEncoder;
import dev.larder.spi.codec.Codec;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.format.CommitFields;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer;
import dev.larder.store.format.ManifestHead;
import dev.larder.store.format.PackHeader;
import dev.larder.store.format.Place;
import dev.larder.store.format.RecordHeader;
import dev.larder.store.format.SmallPayloads;
import dev.larder.store.format.SmallPayloads.NumberedFormat;
import dev.larder.store.format.StoredBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Writes the stored inputs: arguments are the folder for them, the golden files of a format version
 * and the sample models. Needed again only for new kinds of inputs.
 */
final class SeedWriter {

  private static final Digest DIGEST = new Digest(1, 2, 3, 4);

  private final Path folder;
  private final Path golden;
  private final Path samples;

  private SeedWriter(Path folder, Path golden, Path samples) {
    this.folder = folder;
    this.golden = golden;
    this.samples = samples;
  }

  /** See above. */
  public static void main(String[] args) throws IOException {
    SeedWriter writer = new SeedWriter(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    writer.format();
    writer.volumes();
    writer.codecs();
    writer.chunkers();
    writer.texts();
  }

  private void write(Decoder decoder, String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(decoder.method()).resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void write(Decoder decoder, String name, String text) throws IOException {
    write(decoder, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Decoder decoder, String name, ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    write(decoder, name, copy);
  }

  private void format() throws IOException {
    byte[] superblock = Files.readAllBytes(golden.resolve("superblock-0"));
    write(Decoder.SUPERBLOCK, "golden", Arrays.copyOf(superblock, 160));
    List<NumberedFormat> formats = List.of(new NumberedFormat(1, new FormatId("a.b", 2)));
    PackHeader header = new PackHeader(1, 512, FormatTargets.VOLUME, 3, 2, formats);
    write(Decoder.PACK_HEADER, "one-format", header.encode(FormatTargets.SEAL).slice(0, 80));
    ByteBuffer record = ByteBuffer.allocate(80);
    new RecordHeader(RecordHeader.DROP, 0, 0, CommitFields.HEADER_BYTES, 12, 7).put(record);
    write(Decoder.RECORD_HEADER, "drop", record.clear());
    write(Decoder.FOOTER, "one-of-each", footer());
    ReferenceChange change =
        new ReferenceChange(Reference.parse("a/b:c"), Optional.of(DIGEST), FormatTargets.STAMP, 3);
    write(Decoder.SMALL_PAYLOADS, "reference", SmallPayloads.reference(change));
    write(Decoder.SMALL_PAYLOADS, "format", SmallPayloads.format(1, new FormatId("a.b", 2)));
    write(Decoder.SMALL_PAYLOADS, "drop", SmallPayloads.drop(DIGEST));
    ManifestHead head =
        new ManifestHead(
            DIGEST, 70_000, ArtifactKind.PROTOCOL_DATA, 2, 60_000, new FormatId("c.d", 7), "p=1");
    write(Decoder.MANIFEST, "head", head.encode());
  }

  private static ByteBuffer footer() {
    StoredBlock form = new StoredBlock(4096, 100, 1, 0, 1234);
    Place place = new Place(3, 5000, 200);
    ArtifactEntry entry = new ArtifactEntry(DIGEST, 4096, ArtifactKind.MODEL, 1, 100, 12);
    ReferenceChange change =
        new ReferenceChange(Reference.parse("a/b:c"), Optional.of(DIGEST), FormatTargets.STAMP, 3);
    return Footer.encode(
        List.of(new NumberedFormat(1, new FormatId("a.b", 2))),
        List.of(
            new Footer.IndexedBlock(DIGEST, 600, form),
            new Footer.IndexedBlock(new Digest(4, 3, 2, 1), 700, form)),
        List.of(
            new CommitRecord.Added(entry, FormatTargets.STAMP, place),
            new CommitRecord.Pointed(13, change, place),
            new CommitRecord.Dropped(14, DIGEST, FormatTargets.STAMP, place)),
        FormatTargets.SEAL,
        8192);
  }

  private void volumes() throws IOException {
    byte[] superblock = Files.readAllBytes(golden.resolve("superblock-0"));
    byte[] sealed = Files.readAllBytes(golden.resolve("pack-1"));
    byte[] open = Files.readAllBytes(golden.resolve("pack-3"));
    for (int choices : new int[] {0, 0x0F, 0x2F, 0x1F}) {
      write(
          Decoder.DAMAGED_VOLUME,
          String.format("golden-%02x", choices),
          DamagedVolume.encode(choices, superblock, List.of(sealed, open)));
    }
    for (byte[] pack : List.of(sealed, open)) {
      ByteBuffer bytes = ByteBuffer.allocate(pack.length + 1).put((byte) 0x0F).put(pack);
      write(Decoder.PACK, "golden-" + pack.length, bytes.clear());
    }
    // Decisions of the liar: enough of them for some packs, at random.
    for (int i = 0; i < 8; i++) {
      byte[] decisions = new byte[400 + 200 * i];
      new Random(i).nextBytes(decisions);
      for (int at = 0; at < decisions.length; at++) {
        if (decisions[at] < 0 && i % 2 == 0) {
          decisions[at] &= 0x7F; // more of what is right
        }
      }
      write(Decoder.LYING_VOLUME, "random-" + i, decisions);
    }
    byte[] changes = new byte[200];
    new Random(7).nextBytes(changes);
    write(Decoder.NAMESPACE, "random", changes);
  }

  private void codecs() throws IOException {
    byte[] model = Files.readAllBytes(samples.resolve("models/vww_96_int8.tflite"));
    byte[] block = Arrays.copyOfRange(model, 20_000, 21_024);
    byte[] text =
        "GM_ Engine 0xC9: rpm,load,temperature;".repeat(20).getBytes(StandardCharsets.US_ASCII);
    Decoder[] decoders = {Decoder.LZ4, Decoder.ZSTD, Decoder.PLANES, Decoder.GZIP};
    for (int i = 0; i < decoders.length; i++) {
      Codec codec = RealCodecs.ALL.get(i);
      for (byte[] plain : List.of(block, text, weights())) {
        for (int choices : new int[] {0, 1}) {
          ByteBuffer stored = encoded(codec, plain);
          ByteBuffer input = ByteBuffer.allocate(4 + stored.remaining());
          int length = plain.length - 1;
          input.put((byte) choices).put((byte) (length >> 16)).put((byte) (length >> 8));
          input.put((byte) length).put(stored);
          write(decoders[i], plain.length + "-" + choices, input.clear());
        }
      }
      byte[] prefixed = new byte[] {10, 0, 1, 0, 0, 20};
      ByteBuffer input = ByteBuffer.allocate(prefixed.length + text.length);
      write(decoders[i], "reference", input.put(prefixed).put(text).clear());
    }
  }

  /** Of fp32. */
  private static byte[] weights() {
    ByteBuffer weights = ByteBuffer.allocate(1200).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    while (weights.hasRemaining()) {
      weights.putFloat((float) (random.nextGaussian() * 0.02));
    }
    return weights.array();
  }

  private static ByteBuffer encoded(Codec codec, byte[] plain) throws IOException {
    try (BlockEncoder encoder = codec.newEncoder(Codec.Effort.NORMAL)) {
      ByteBuffer stored = ByteBuffer.allocate(codec.maxEncodedLength(plain.length));
      encoder.encode(ByteBuffer.wrap(plain), BlockContext.PLAIN, stored);
      return stored.flip();
    }
  }

  private void chunkers() throws IOException {
    byte[] model = Files.readAllBytes(samples.resolve("models/vww_96_int8.tflite"));
    byte[] piece = Arrays.copyOfRange(model, 40_000, 43_000);
    chunker(Decoder.FIXED, "default", "", piece);
    chunker(Decoder.FIXED, "small", "size=512", piece);
    chunker(Decoder.FAST_CDC, "default", "", piece);
    chunker(Decoder.FAST_CDC, "small", "min=256,avg=512,max=4096,nc=2", piece);
    chunker(Decoder.FAST_CDC, "flat", "min=256,avg=1024,max=1025,nc=0", new byte[100]);
    model("safetensors", ModelSeeds.safetensors());
    model("gguf", ModelSeeds.gguf());
    model("onnx", ModelSeeds.onnx());
    model("tflite", ModelSeeds.tflite());
    model("torch", ModelSeeds.torch());
  }

  private void model(String name, byte[] file) throws IOException {
    chunker(Decoder.TENSOR, name, "block=4096", file, 0);
  }

  private void chunker(Decoder decoder, String name, String parameters, byte[] piece)
      throws IOException {
    chunker(decoder, name, parameters, piece, 30);
  }

  private void chunker(Decoder decoder, String name, String parameters, byte[] piece, int again)
      throws IOException {
    ByteBuffer input = ByteBuffer.allocate(2 + parameters.length() + piece.length);
    input.put((byte) parameters.length()).put(parameters.getBytes(StandardCharsets.US_ASCII));
    write(decoder, name, input.put((byte) again).put(piece).clear());
  }

  private void texts() throws IOException {
    write(
        Decoder.CONFIGURATION,
        "typed",
        "# Written by Larder. To edit: stop the gateway, and delete this line.\n"
            + "a=I\"1\"\nb=L[\"1\",\"2\"]\nc=( \\\n  B\"true\", \\\n  )\n"
            + "service.pid=\"dev.larder.tiering.tier~card\"\n# crc32c 00000000\n");
    write(Decoder.CONFIGURATION, "plain", "service.pid=\"x\"\nlimit=F\"1.5\"\nname=\"a\\\"b\"\n");
    write(
        Decoder.TIER_DEFINITION,
        "all",
        "capacity=1000000\ndriver=sd\nlocation=/mnt/card\noption.mode=ro\nrole=CACHE\n");
    write(
        Decoder.JSON,
        "swap",
        "{\"reference\":\"a/b:c\",\"leaseSeconds\":1.5e3,\"a\":true,\"options\":{\"k\":\"v\"}}");
    write(Decoder.JSON, "large", "{\"leaseSeconds\":1e2147483647,\"a\":-0,\"options\":[[[{}]]]}");
    write(
        Decoder.QUERY,
        "put",
        "ref=a%2Fb:c&kind=model&role=cache&strict=true&digest=" + "0123456789abcdef".repeat(4));
    write(Decoder.QUERY, "range", "0-499");
    write(Decoder.QUERY, "suffix", "bytes=-500");
    write(
        Decoder.BATCH,
        "two",
        "{\"reference\":\"a:b\",\"size\":3}\nabc{\"reference\":\"c\",\"size\":0,\"kind\":\"model\"}\n"
            + "{\"end\":2}\n");
    write(Decoder.BUNDLE_LIST, "some", "# all\n1 a.jar\n20 b-1.0.jar dev\n3 c.jar # late\n");
  }
}
