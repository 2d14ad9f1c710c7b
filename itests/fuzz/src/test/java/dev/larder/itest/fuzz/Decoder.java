package dev.larder.itest.fuzz;

import dev.larder.chunker.fastcdc.FastCdcChunker;
import dev.larder.chunker.fixed.FixedChunker;
import dev.larder.chunker.tensor.TensorChunker;
import dev.larder.codec.gzip.GzipCodec;
import dev.larder.codec.lz4.Lz4Codec;
import dev.larder.codec.planes.PlanesCodec;
import dev.larder.codec.zstd.ZstdCodec;
import dev.larder.configuration.ConfigurationDoor;

/** All that takes bytes from outside, how often each is tried in a short run, and its limits. */
enum Decoder {
  SUPERBLOCK(FormatTargets::superblock, 10_000, Limits.SMALL),
  PACK_HEADER(FormatTargets::packHeader, 20_000, Limits.SMALL),
  RECORD_HEADER(FormatTargets::recordHeader, 20_000, Limits.SMALL),
  FOOTER(FormatTargets::footer, 20_000, Limits.SMALL),
  MANIFEST(FormatTargets::manifest, 20_000, Limits.SMALL),
  SMALL_PAYLOADS(FormatTargets::smallPayloads, 20_000, Limits.SMALL),
  PACK(FormatTargets::pack, 20_000, new Limits(1 << 20, 512)),
  DAMAGED_VOLUME(new DamagedVolume(), 800, Limits.VOLUME),
  LYING_VOLUME(new LyingVolume(), 1_500, Limits.VOLUME),
  LZ4(new CodecTarget(new Lz4Codec()), 10_000, Limits.SMALL),
  ZSTD(new CodecTarget(new ZstdCodec()), 10_000, Limits.SMALL),
  PLANES(new CodecTarget(new PlanesCodec()), 10_000, Limits.SMALL),
  GZIP(new CodecTarget(new GzipCodec()), 10_000, Limits.SMALL),
  FIXED(new ChunkerTarget(new FixedChunker()), 2_000, Limits.CHUNKER),
  FAST_CDC(new ChunkerTarget(new FastCdcChunker()), 1_000, Limits.CHUNKER),
  TENSOR(new ChunkerTarget(new TensorChunker()), 2_000, Limits.CHUNKER),
  CONFIGURATION(ConfigurationDoor::read, 10_000, new Limits(1 << 20, 512)),
  TIER_DEFINITION(FolderTargets::tierDefinition, 200, new Limits(1 << 20, 512)),
  NAMESPACE(NamespaceTarget::take, 5_000, new Limits(1 << 20, 4096)),
  JSON(HttpTargets::json, 10_000, new Limits(256 << 10, 512)),
  QUERY(HttpTargets::query, 10_000, new Limits(256 << 10, 2048)),
  BATCH(HttpTargets::batch, 10_000, new Limits(512 << 10, 512)),
  BUNDLE_LIST(FolderTargets::bundleList, 1_000, new Limits(256 << 10, 512));

  private final Target target;
  private final int rounds;
  private final Limits limits;

  Decoder(Target target, int rounds, Limits limits) {
    this.target = target;
    this.rounds = rounds;
    this.limits = limits;
  }

  /** Mutations in a short run. */
  int rounds() {
    return rounds;
  }

  /** Takes an input, within its limits. */
  void take(byte[] input) throws Exception {
    limits.hold(target, input);
  }

  /** Its method in {@link DecodersFuzzTest}, and the folder of its stored inputs. */
  String method() {
    StringBuilder name = new StringBuilder();
    for (String word : name().split("_", -1)) {
      name.append(
          name.isEmpty()
              ? word.toLowerCase(java.util.Locale.ROOT)
              : word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }
}
