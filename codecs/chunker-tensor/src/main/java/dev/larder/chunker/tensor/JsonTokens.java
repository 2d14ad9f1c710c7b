package dev.larder.chunker.tensor;

import java.io.IOException;

/**
 * The parts of JSON (RFC 8259) that a safetensors header is made of: braces, texts, natural
 * numbers. Strict; it holds one text and no tree.
 */
final class JsonTokens {

  private static final int NOTHING = -1;
  private static final int MAX_DIGITS = 18;

  private final Cursor cursor;
  private final Text text = new Text();
  private int ahead = NOTHING;

  JsonTokens(Cursor cursor) {
    this.cursor = cursor;
  }

  void expect(char token) throws IOException {
    if (!accept(token)) {
      throw new Malformed("JSON without " + token);
    }
  }

  /** Takes this character if it is next. */
  boolean accept(char token) throws IOException {
    skipSpace();
    if (ahead != token) {
      return false;
    }
    advance();
    return true;
  }

  /** Nothing but space is left. */
  void end() throws IOException {
    skipSpace();
    if (ahead != NOTHING) {
      throw new Malformed("something behind the header");
    }
  }

  /** A natural number. */
  long number() throws IOException {
    skipSpace();
    long value = 0;
    int digits = 0;
    boolean zero = ahead == '0';
    while (ahead >= '0' && ahead <= '9') {
      value = value * 10 + ahead - '0';
      digits++;
      advance();
    }
    if (digits == 0 || digits > MAX_DIGITS || (zero && digits > 1)) {
      throw new Malformed("not a natural number");
    }
    return value;
  }

  /** A text; valid until the next one. */
  Text string() throws IOException {
    expect('"');
    text.clear();
    while (ahead != '"') {
      if (ahead < ' ') {
        throw new Malformed("a text without an end, or with a control character");
      }
      if (ahead == '\\') {
        advance();
        escaped();
      } else {
        text.add(ahead);
        advance();
      }
    }
    advance();
    return text;
  }

  private void escaped() throws IOException {
    int which = ahead;
    advance();
    switch (which) {
      case '"', '\\', '/' -> text.add(which);
      case 'b' -> text.add('\b');
      case 'f' -> text.add('\f');
      case 'n' -> text.add('\n');
      case 'r' -> text.add('\r');
      case 't' -> text.add('\t');
      case 'u' -> unicode();
      default -> throw new Malformed("an escape that JSON does not have");
    }
  }

  private void unicode() throws IOException {
    int code = hex();
    if (Character.isHighSurrogate((char) code)) {
      if (ahead != '\\') {
        throw new Malformed("half a character");
      }
      advance();
      if (ahead != 'u') {
        throw new Malformed("half a character");
      }
      advance();
      int low = hex();
      if (!Character.isLowSurrogate((char) low)) {
        throw new Malformed("half a character");
      }
      code = Character.toCodePoint((char) code, (char) low);
    } else if (Character.isLowSurrogate((char) code)) {
      throw new Malformed("half a character");
    }
    utf8(code);
  }

  private int hex() throws IOException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = ahead < 0x80 ? Character.digit(ahead, 16) : -1;
      if (digit < 0) {
        throw new Malformed("an escape without its digits");
      }
      code = code << 4 | digit;
      advance();
    }
    return code;
  }

  private void utf8(int code) throws Malformed {
    if (code < 0x80) {
      text.add(code);
      return;
    }
    int more = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
    text.add((0xFF00 >> (more + 1)) & 0xFF | code >> 6 * more);
    for (int i = more - 1; i >= 0; i--) {
      text.add(0x80 | code >> 6 * i & 0x3F);
    }
  }

  private void skipSpace() throws IOException {
    if (ahead == NOTHING) {
      advance(); // the first one, or again at the end
    }
    while (ahead == ' ' || ahead == '\t' || ahead == '\n' || ahead == '\r') {
      advance();
    }
  }

  private void advance() throws IOException {
    ahead = cursor.hasRemaining() ? cursor.u8() : NOTHING;
  }
}
