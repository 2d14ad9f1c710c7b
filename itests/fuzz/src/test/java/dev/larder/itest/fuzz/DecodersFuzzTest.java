package dev.larder.itest.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * The decoders under Jazzer: over the stored inputs in a usual run, guided by coverage with {@code
 * JAZZER_FUZZ=1} (the script {@code fuzz} of this module).
 */
class DecodersFuzzTest {

  @FuzzTest
  void superblock(byte[] input) throws Exception {
    Decoder.SUPERBLOCK.take(input);
  }

  @FuzzTest
  void packHeader(byte[] input) throws Exception {
    Decoder.PACK_HEADER.take(input);
  }

  @FuzzTest
  void recordHeader(byte[] input) throws Exception {
    Decoder.RECORD_HEADER.take(input);
  }

  @FuzzTest
  void footer(byte[] input) throws Exception {
    Decoder.FOOTER.take(input);
  }

  @FuzzTest
  void manifest(byte[] input) throws Exception {
    Decoder.MANIFEST.take(input);
  }

  @FuzzTest
  void smallPayloads(byte[] input) throws Exception {
    Decoder.SMALL_PAYLOADS.take(input);
  }

  @FuzzTest
  void pack(byte[] input) throws Exception {
    Decoder.PACK.take(input);
  }

  @FuzzTest
  void damagedVolume(byte[] input) throws Exception {
    Decoder.DAMAGED_VOLUME.take(input);
  }

  @FuzzTest
  void lyingVolume(byte[] input) throws Exception {
    Decoder.LYING_VOLUME.take(input);
  }

  @FuzzTest
  void lz4(byte[] input) throws Exception {
    Decoder.LZ4.take(input);
  }

  @FuzzTest
  void zstd(byte[] input) throws Exception {
    Decoder.ZSTD.take(input);
  }

  @FuzzTest
  void planes(byte[] input) throws Exception {
    Decoder.PLANES.take(input);
  }

  @FuzzTest
  void gzip(byte[] input) throws Exception {
    Decoder.GZIP.take(input);
  }

  @FuzzTest
  void fixed(byte[] input) throws Exception {
    Decoder.FIXED.take(input);
  }

  @FuzzTest
  void fastCdc(byte[] input) throws Exception {
    Decoder.FAST_CDC.take(input);
  }

  @FuzzTest
  void tensor(byte[] input) throws Exception {
    Decoder.TENSOR.take(input);
  }

  @FuzzTest
  void configuration(byte[] input) throws Exception {
    Decoder.CONFIGURATION.take(input);
  }

  @FuzzTest
  void tierDefinition(byte[] input) throws Exception {
    Decoder.TIER_DEFINITION.take(input);
  }

  @FuzzTest
  void namespace(byte[] input) throws Exception {
    Decoder.NAMESPACE.take(input);
  }

  @FuzzTest
  void json(byte[] input) throws Exception {
    Decoder.JSON.take(input);
  }

  @FuzzTest
  void query(byte[] input) throws Exception {
    Decoder.QUERY.take(input);
  }

  @FuzzTest
  void batch(byte[] input) throws Exception {
    Decoder.BATCH.take(input);
  }

  @FuzzTest
  void bundleList(byte[] input) throws Exception {
    Decoder.BUNDLE_LIST.take(input);
  }
}
