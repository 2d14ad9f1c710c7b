package dev.larder.http.core;

import dev.larder.api.Content;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies that are artifacts. */
public final class Body {

  private static final Pattern SHA_256 = Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/=]+):");

  private Body() {}

  /**
   * The content of a body as it arrives; nothing of it is kept. The body is not asked for before
   * the content is opened, so a client that waits for {@code 100 Continue} sends nothing in vain.
   */
  public static Content content(Exchange exchange, Optional<Digest> expected) {
    return new Content() {
      @Override
      public OptionalLong size() {
        return exchange.bodyLength();
      }

      @Override
      public ReadableByteChannel open() throws IOException {
        return new BodyChannel(exchange.body(), size(), expected);
      }
    };
  }

  /**
   * The digest that the client says the body has: query parameter {@code digest} (hex), else header
   * {@code Content-Digest} (RFC 9530).
   */
  public static Optional<Digest> announcedDigest(Exchange exchange) throws LarderException {
    Optional<String> parameter = exchange.query("digest");
    if (parameter.isPresent()) {
      return Optional.of(Params.digest(parameter.get()));
    }
    Matcher header = SHA_256.matcher(exchange.header("Content-Digest").orElse(""));
    if (!header.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Digest.of(Base64.getDecoder().decode(header.group(1))));
    } catch (IllegalArgumentException e) {
      throw LarderException.invalid("the header Content-Digest is malformed");
    }
  }

  /** The header that tells a digest (RFC 9530). */
  public static String digestHeader(Digest digest) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(digest.toBytes()) + ":";
  }
}
