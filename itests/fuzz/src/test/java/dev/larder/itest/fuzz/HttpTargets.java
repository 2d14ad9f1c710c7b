package dev.larder.itest.fuzz;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PutBatch;
import dev.larder.api.Reference;
import dev.larder.http.core.BatchReader;
import dev.larder.http.core.ByteRange;
import dev.larder.http.core.JsonBody;
import dev.larder.http.core.Params;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What the HTTP API reads. A mistake of the caller's is told as one; nothing else is thrown. */
final class HttpTargets {

  private static final BigDecimal MOST = BigDecimal.TEN.pow(18);

  private HttpTargets() {}

  private interface Step {
    void run() throws IOException;
  }

  private static void attempt(Step step) throws IOException {
    try {
      step.run();
    } catch (LarderException e) {
      if (e.code() != ErrorCode.INVALID_ARGUMENT && e.code() != ErrorCode.BODY_INCOMPLETE) {
        throw new AssertionError(e.describe(), e);
      }
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static void json(byte[] input) throws IOException {
    String text = new String(input, StandardCharsets.UTF_8);
    attempt(
        () -> {
          JsonBody body = JsonBody.parse(text);
          for (String field : new String[] {"a", "reference", "leaseSeconds", "options"}) {
            attempt(() -> body.text(field));
            attempt(() -> body.need(field));
            attempt(() -> body.reference(field));
            attempt(() -> body.flag(field));
            attempt(() -> body.number(field).ifPresent(HttpTargets::requireNumber));
            attempt(() -> body.whole(field));
            attempt(() -> body.texts(field));
          }
        });
  }

  private static void requireNumber(BigDecimal number) {
    require(number.signum() >= 0 && number.compareTo(MOST) <= 0, "out of range: " + number);
  }

  static void query(byte[] input) throws IOException {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    attempt(
        () -> {
          Map<String, String> values = Params.query(text);
          for (String value : values.values()) {
            attempt(() -> Params.kind(value));
            attempt(() -> Params.role(value));
            attempt(() -> Params.flag(value));
            attempt(() -> requireReference(Params.reference(value)));
            attempt(() -> requireDigest(Params.digest(value)));
          }
        });
    attempt(() -> requireReference(Params.reference(text)));
    range(text);
  }

  private static void requireReference(Reference reference) {
    require(Reference.parse(reference.toString()).equals(reference), "another reference");
    Params.likelyKind(reference);
  }

  private static void requireDigest(Digest digest) {
    require(Digest.parse(digest.toString()).equals(digest), "another digest");
  }

  private static void range(String text) {
    for (long size : new long[] {0, 1, 1000, Long.MAX_VALUE}) {
      for (String header : new String[] {text, "bytes=" + text}) {
        Optional<ByteRange> range = ByteRange.parse(header, size);
        range.ifPresent(r -> requireWithin(r, size));
      }
    }
  }

  private static void requireWithin(ByteRange range, long size) {
    boolean within =
        range.first() >= 0
            && range.length() >= 0
            && (range.length() == 0 || range.first() <= size - range.length());
    require(within, range + " of " + size);
  }

  static void batch(byte[] input) throws IOException {
    BatchReader batch = new BatchReader(new ByteArrayInputStream(input));
    ByteBuffer scratch = ByteBuffer.allocate(1024);
    attempt(
        () -> {
          long received = 0;
          for (Optional<PutBatch.Entry> entry = batch.next();
              entry.isPresent();
              entry = batch.next()) {
            try (ReadableByteChannel content = entry.get().content().open()) {
              while (content.read(scratch.clear()) >= 0) {
                received += scratch.position();
              }
            }
          }
          require(received <= input.length, "more came out than went in");
        });
  }
}
