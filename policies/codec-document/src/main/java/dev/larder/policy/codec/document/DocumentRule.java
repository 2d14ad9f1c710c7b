package dev.larder.policy.codec.document;

import dev.larder.spi.codec.CodecFigures;
import dev.larder.spi.codec.CodecRequest;
import dev.larder.spi.codec.CodecRule;
import dev.larder.spi.media.MediaClass;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Codecs by class of medium and cores, as the starting document has them:
 *
 * <ul>
 *   <li>archives: gzip, which everything can read;
 *   <li>SD cards: zstd;
 *   <li>NVMe, where there are four cores or more: lz4;
 *   <li>all else: zstd.
 * </ul>
 *
 * <p>An archive is a store behind a network. That an artifact is archived is not known when it is
 * put, but what has gone cold is migrated, and encoded anew for the medium that it goes to; of all
 * media a remote one alone holds nothing that is swapped from it every day.
 *
 * <p>Codecs that the document does not know come after the three that it does, in the order in
 * which they were given.
 */
@Capability(
    namespace = "larder.policy",
    name = DocumentRule.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=codec")
@Component(service = CodecRule.class, property = CodecRule.NAME + "=" + DocumentRule.SHORT_NAME)
public final class DocumentRule implements CodecRule {

  static final String SHORT_NAME = "document";

  private static final int MANY_CORES = 4;

  private static final List<String> DENSE = List.of("zstd", "lz4", "gzip");
  private static final List<String> QUICK = List.of("lz4", "zstd", "gzip");
  private static final List<String> ARCHIVE = List.of("gzip", "zstd", "lz4");

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public List<String> rank(CodecRequest request, List<CodecFigures> codecs) {
    List<String> given = codecs.stream().map(CodecFigures::codec).toList();
    return Stream.concat(order(request).stream().filter(given::contains), given.stream())
        .distinct()
        .toList();
  }

  private static List<String> order(CodecRequest request) {
    MediaClass medium = request.medium().mediaClass();
    return switch (medium) {
      case REMOTE -> ARCHIVE;
      case NVME -> request.cores() >= MANY_CORES ? QUICK : DENSE;
      default -> DENSE;
    };
  }
}
