package dev.larder.spi.codec;

import dev.larder.api.ArtifactKind;
import dev.larder.spi.media.MediaProfile;

/**
 * What codecs are ranked for.
 *
 * @param medium where the blocks go, and will be read from
 * @param cores that decode at once; 1 or more
 * @param kind of the artifacts that the blocks are of
 * @param elementBytes size of the numbers in the blocks: 1, 2, 4, 8; 0 if not known
 */
public record CodecRequest(MediaProfile medium, int cores, ArtifactKind kind, int elementBytes) {}
