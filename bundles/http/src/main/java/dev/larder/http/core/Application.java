package dev.larder.http.core;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request: guard, route, handler, and a problem document for what fails. */
public final class Application {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  private final Router router;
  private final Guard guard;
  private final AtomicLong defects = new AtomicLong();

  /** An application. */
  public Application(Router router, Guard guard) {
    this.router = router;
    this.guard = guard;
  }

  /**
   * Answers one request.
   *
   * @throws IOException if the answer has begun and cannot be finished: the container then breaks
   *     the connection, so that the client does not take it for whole
   */
  public void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
    secure(response);
    LarderException failure;
    try {
      answer(request, response);
      return;
    } catch (LarderException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure =
          new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", "try again", e);
    } catch (IOException e) {
      failure = new LarderException(ErrorCode.IO_ERROR, "the request failed: " + e, "", e);
    } catch (RuntimeException e) {
      failure = defect(request, e);
    }
    fail(request, response, failure);
  }

  private static void secure(HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private void answer(HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    guard.checkHost(request);
    String path = Optional.ofNullable(request.getPathInfo()).orElse("/");
    Optional<Router.Found> found = router.find(request.getMethod(), path);
    if (found.isEmpty() || !found.get().route().open()) {
      guard.checkToken(request); // also what is not there: a stranger learns nothing
    }
    if (found.isEmpty()) {
      throw notFound(request.getMethod(), path);
    }
    found.get().route().handler().handle(Exchange.of(request, response, found.get().values()));
  }

  private LarderException notFound(String method, String path) {
    Set<String> methods = router.methods(path);
    if (methods.isEmpty()) {
      return LarderException.notFound("there is no " + path + " here", "see docs/http.md");
    }
    return new Problem(405, ErrorCode.INVALID_ARGUMENT, method + " is not possible on " + path, "")
        .header("Allow", String.join(", ", methods));
  }

  private LarderException defect(HttpServletRequest request, RuntimeException e) {
    long number = defects.incrementAndGet();
    LOG.error("defect {} in {} {}", number, request.getMethod(), request.getPathInfo(), e);
    return new LarderException(
        ErrorCode.INTERNAL, "a defect in Larder", "see 'defect " + number + "' in the log", e);
  }

  private static void fail(
      HttpServletRequest request, HttpServletResponse response, LarderException failure)
      throws IOException {
    if (Problem.status(failure) >= 500) {
      LOG.info(
          "{} {}: {} {}",
          request.getMethod(),
          request.getPathInfo(),
          failure.code(),
          failure.describe());
    }
    if (response.isCommitted()) {
      throw new IOException("answer cut off: " + failure.getMessage(), failure);
    }
    response.reset();
    secure(response);
    Exchange.forAnswer(request, response).sendProblem(failure);
  }
}
