package dev.larder.chunker.tensor;

import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.chunking.Chunker;
import dev.larder.spi.chunking.ContentProbe;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Blocks that begin where tensors begin: a header that grows, or a tensor more, leaves the blocks
 * of all other tensors as they were, and codecs learn the type of the numbers in each block.
 *
 * <p>It recognises safetensors, GGUF, ONNX, TensorFlow Lite and PyTorch's zip files by their
 * content. It suits those (100) whose table of tensors can be seen, in the head or in the source,
 * and is sound; it does not suit anything else (0). Asked to cut such a thing all the same, it cuts
 * blocks of one size. Parameters: {@code block=65536}, a power of two from 4096 to 1048576. The
 * same content seen without its source may not be recognised, and is then cut otherwise.
 *
 * <p>Memory: 28 bytes and the name for each tensor while a content is cut, at most 7 MiB; up to
 * twice as much while its table is read.
 */
@Capability(namespace = Chunker.NAME, name = TensorChunker.SHORT_NAME, version = "1.0.0")
@Component(service = Chunker.class, property = Chunker.NAME + "=" + TensorChunker.SHORT_NAME)
public final class TensorChunker implements Chunker {

  static final String SHORT_NAME = "tensor";

  private static final FormatId ID = new FormatId("dev.larder.chunker.tensor", 1);
  private static final int KNOWS_IT = 100;

  @Override
  public FormatId id() {
    return ID;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public int suitability(ContentProbe probe) {
    return TensorMaps.of(probe).isPresent() ? KNOWS_IT : 0;
  }

  @Override
  public BlockCutter newCutter(ContentProbe probe, String parameters) {
    int block = parameters.isEmpty() ? BlockSize.DEFAULT_BYTES : BlockSize.parse(parameters);
    return new TensorCutter(TensorMaps.of(probe).orElse(TensorMap.EMPTY), block);
  }
}
