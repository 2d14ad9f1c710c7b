package dev.larder.spi.codec;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Ranks the codecs for the blocks of one kind on one medium. Registered as an OSGi service with the
 * property {@link #NAME}. A pure function: no state, any thread. It is not asked for each block but
 * every some seconds, and when codecs come or go; a rule that throws, or names what it was not
 * given, is replaced by the built-in one.
 */
@ConsumerType
public interface CodecRule {

  /** Service property: the rule's short name, as in {@code larder policy use}. */
  String NAME = "larder.codec.rule";

  /** Short name, the same as the service property. */
  String name();

  /**
   * Ranks the codecs.
   *
   * @param request what is to be encoded, and where it goes
   * @param codecs those that are installed, in the order of the last answer, or of the core's own
   *     before the first one: who leaves equals in it does not waver between them
   * @return short names of codecs that may be used, best first, each at most once; with none of
   *     them blocks are stored as they are
   */
  List<String> rank(CodecRequest request, List<CodecFigures> codecs);
}
