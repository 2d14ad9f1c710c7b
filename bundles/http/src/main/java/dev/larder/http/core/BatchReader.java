package dev.larder.http.core;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.Reference;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch of artifacts from one body: for each a line of JSON with {@code reference} and
 * {@code size} (and, as for a single put, {@code kind}, {@code tier}, {@code predecessor}, {@code
 * strict}, {@code digest}), then that many bytes; at the end a line {@code {"end": N}} with the
 * number of artifacts. Without that line the batch is incomplete. Used by one thread.
 */
public final class BatchReader implements PutBatch {

  /** Media type of such a body. */
  public static final String TYPE = "application/vnd.larder.batch";

  private static final int MAX_LINE = 8 * 1024;
  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private @Nullable BodyChannel current;
  private long count;
  private boolean ended;

  /** A reader of a body, which it does not close. */
  public BatchReader(InputStream body) {
    this.in = new BufferedInputStream(body, BUFFER);
  }

  @Override
  public Optional<Entry> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    skipRest();
    JsonBody line = JsonBody.parse(line());
    if (line.has("end")) {
      end(line);
      return Optional.empty();
    }
    Reference reference = line.reference("reference");
    long size =
        line.whole("size").orElseThrow(() -> LarderException.invalid("no size for " + reference));
    BodyChannel channel = new BodyChannel(in, OptionalLong.of(size), digest(line));
    current = channel;
    count++;
    return Optional.of(
        new Entry(request(reference, line), Content.of(channel, OptionalLong.of(size))));
  }

  private static Optional<dev.larder.api.Digest> digest(JsonBody line) throws LarderException {
    Optional<String> text = line.text("digest");
    return text.isPresent() ? Optional.of(Params.digest(text.get())) : Optional.empty();
  }

  private static PutRequest request(Reference reference, JsonBody line) throws LarderException {
    Optional<String> kind = line.text("kind");
    ArtifactKind known = kind.isPresent() ? Params.kind(kind.get()) : Params.likelyKind(reference);
    Optional<Reference> predecessor =
        line.has("predecessor") ? Optional.of(line.reference("predecessor")) : Optional.empty();
    return new PutRequest(reference, known, line.text("tier"), predecessor, line.flag("strict"));
  }

  private void skipRest() throws IOException {
    BodyChannel last = current;
    if (last != null && !last.ended()) {
      ByteBuffer scratch = ByteBuffer.allocate(BUFFER);
      while (last.read(scratch.clear()) >= 0) {
        // what the store did not want
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = read();
    while (next != '\n') {
      if (next < 0) {
        throw incomplete("the batch ended after " + count + " artifacts without its last line");
      }
      if (line.size() == MAX_LINE) {
        throw LarderException.invalid("a line of the batch is longer than " + MAX_LINE + " bytes");
      }
      line.write(next);
      next = read();
    }
    String text = line.toString(StandardCharsets.UTF_8);
    if (text.isBlank()) {
      throw LarderException.invalid("a line of the batch is empty");
    }
    return text;
  }

  private int read() throws IOException {
    try {
      return in.read();
    } catch (IOException e) {
      LarderException failure = incomplete("the batch was cut off after " + count + " artifacts");
      failure.initCause(e);
      throw failure;
    }
  }

  private void end(JsonBody line) throws IOException {
    long announced = line.whole("end").orElse(-1);
    if (announced != count) {
      throw incomplete("the batch has " + count + " artifacts, its end says " + announced);
    }
    if (read() >= 0) {
      throw LarderException.invalid("there is something behind the end of the batch");
    }
    ended = true;
  }

  private static LarderException incomplete(String what) {
    return new LarderException(
        ErrorCode.BODY_INCOMPLETE, what, "nothing was stored; send it again");
  }
}
