package dev.larder.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a body, with its length declared or in chunks, and stops as soon as the gateway answers
 * early.
 */
final class BodyOutputStream extends OutputStream {
  private static final byte[] CRLF = {'\r', '\n'};

  /** The gateway has answered before the body was complete. */
  static final class AnsweredEarly extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Response response;

    private AnsweredEarly(Response response) {
      super("answered early");
      this.response = response;
    }

    Response response() {
      return response;
    }
  }

  private final OutputStream out;
  private final InputStream answers;
  private final ResponseReader reader;
  private final long length;
  private long written;

  BodyOutputStream(OutputStream out, InputStream answers, ResponseReader reader, long length) {
    this.out = out;
    this.answers = answers;
    this.reader = reader;
    this.length = length;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int n) throws IOException {
    if (n == 0) {
      return; // an empty chunk would end the body
    }
    if (answers.available() > 0) {
      Response response = reader.next();
      if (response.status() / 100 != 1) {
        throw new AnsweredEarly(response);
      }
    }
    if (length < 0) {
      out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write(bytes, offset, n);
    if (length < 0) {
      out.write(CRLF);
    }
    written += n;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** Ends the body. */
  void finish() throws IOException {
    if (length < 0) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    } else if (written != length) {
      throw new IOException(written + " bytes were written instead of " + length);
    }
    out.flush();
  }
}
