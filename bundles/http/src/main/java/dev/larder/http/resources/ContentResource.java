package dev.larder.http.resources;

import dev.larder.api.LarderException;
import dev.larder.api.StoredContent;
import dev.larder.http.core.Body;
import dev.larder.http.core.ByteRange;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Params;
import dev.larder.http.core.Route;
import dev.larder.http.core.Services;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;

/** The bytes of artifacts: {@code /v1/content}. */
public final class ContentResource {

  private static final int BUFFER = 64 * 1024;

  private final Services services;

  /** The resource over these services. */
  public ContentResource(Services services) {
    this.services = services;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/content", "Read an artifact: ref= or digest=", e -> get(e, true)),
        Route.of("HEAD", "/v1/content", "Size and digest of an artifact", e -> get(e, false)));
  }

  private void get(Exchange exchange, boolean withBody) throws IOException {
    try (StoredContent content = open(exchange)) {
      HttpServletResponse response = exchange.response();
      String tag = '"' + content.digest().toString() + '"';
      response.setHeader("ETag", tag);
      response.setHeader("Accept-Ranges", "bytes");
      response.setHeader("Cache-Control", "no-cache");
      if (matches(exchange.header("If-None-Match").orElse(""), tag)) {
        response.setStatus(304);
        return;
      }
      response.setContentType("application/octet-stream");
      response.setHeader("Repr-Digest", Body.digestHeader(content.digest()));
      Optional<ByteRange> range = range(exchange, content.size(), tag);
      if (range.isPresent() && range.get().length() == 0) {
        response.setHeader("Content-Range", "bytes */" + content.size());
        response.setStatus(416);
        response.setContentLength(0);
        return;
      }
      range.ifPresent(r -> response.setHeader("Content-Range", r.contentRange(content.size())));
      response.setStatus(range.isPresent() ? 206 : 200);
      ByteRange part = range.orElseGet(() -> new ByteRange(0, content.size()));
      response.setContentLengthLong(part.length());
      if (withBody) {
        copy(content, part, response.getOutputStream());
      }
    }
  }

  private StoredContent open(Exchange exchange) throws LarderException {
    Optional<String> digest = exchange.query("digest");
    if (digest.isPresent() == exchange.query("ref").isPresent()) {
      throw LarderException.invalid("give one of the query parameters 'ref' and 'digest'");
    }
    return digest.isPresent()
        ? services.store().open(Params.digest(digest.get()))
        : services.store().open(exchange.reference("ref"));
  }

  private static boolean matches(String header, String tag) {
    if (header.strip().equals("*")) {
      return true;
    }
    for (String candidate : header.split(",")) {
      String plain = candidate.strip();
      if (plain.equals(tag) || plain.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<ByteRange> range(Exchange exchange, long size, String tag) {
    Optional<String> condition = exchange.header("If-Range");
    if (condition.isPresent() && !condition.get().strip().equals(tag)) {
      return Optional.empty();
    }
    return exchange.header("Range").flatMap(header -> ByteRange.parse(header, size));
  }

  private static void copy(StoredContent content, ByteRange range, OutputStream out)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(BUFFER, Math.max(1, range.length()))];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try (ReadableByteChannel channel = content.read(range.first(), range.length())) {
      while (channel.read(buffer.clear()) >= 0) {
        out.write(bytes, 0, buffer.position());
      }
    }
  }
}
