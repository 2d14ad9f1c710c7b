package dev.larder.http.core;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets in who may come in. */
public final class Guard {

  private static final String SCHEME = "Bearer ";
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
  private static final Pattern LOOPBACK_ADDRESS =
      Pattern.compile("127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)(%.*)?]?");

  private final Optional<Token> token;

  /**
   * A guard.
   *
   * @param token what is wanted; if empty, nothing but open routes is answered
   */
  public Guard(Optional<Token> token) {
    this.token = token;
  }

  /**
   * Refuses a request that reached a loopback address under another name: a web page that has bound
   * its own name to that address (DNS rebinding).
   */
  public void checkHost(HttpServletRequest request) throws LarderException {
    String host = request.getHeader("Host");
    if (host != null
        && LOOPBACK_ADDRESS.matcher(request.getLocalAddr()).matches()
        && !LOOPBACK_HOST.matcher(host).matches()) {
      throw new Problem(
          403,
          ErrorCode.UNAUTHORIZED,
          "this gateway listens on loopback and does not answer to that host name",
          "use localhost or 127.0.0.1 in the address");
    }
  }

  /** Refuses a request without the token. */
  public void checkToken(HttpServletRequest request) throws LarderException {
    String header = request.getHeader("Authorization");
    boolean bearer = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    if (token.isEmpty()
        || !bearer
        || !token.get().matches(header.substring(SCHEME.length()).strip())) {
      throw new LarderException(
          ErrorCode.UNAUTHORIZED,
          bearer ? "the token is wrong" : "the token is missing",
          "send 'Authorization: Bearer TOKEN' with the token of conf/token in the gateway's home");
    }
  }
}
