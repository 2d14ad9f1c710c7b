package dev.larder.spi.codec;

/**
 * What a codec does with the blocks of one kind, as far as it has been measured.
 *
 * @param codec its short name
 * @param ratio bytes of blocks to bytes of their stored forms; 1 for a codec that gains nothing
 * @param decodeBytesPerSecond bytes of blocks that one core decodes
 */
public record CodecFigures(String codec, double ratio, double decodeBytesPerSecond) {}
