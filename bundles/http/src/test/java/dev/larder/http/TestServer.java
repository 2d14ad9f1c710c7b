package dev.larder.http;

import dev.larder.http.core.Application;
import dev.larder.http.core.Token;
import dev.larder.http.events.EventHub;
import dev.larder.http.resources.BundlesResource.BundleView;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The application on a real Jetty, and a client for it. */
final class TestServer implements AutoCloseable {

  static final String TOKEN = "0123456789abcdef0123456789abcdef";

  final FakeGateway gateway = new FakeGateway();
  final EventHub events = new EventHub(200);
  final int port;
  private final Server server = new Server();
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer() throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    Application application =
        HttpApi.create(
            gateway,
            Optional.of(Token.of(TOKEN)),
            events,
            () -> List.of(new BundleView("larder.api", "0.1.0", "ACTIVE", null)),
            "0.1.0",
            () -> 1_500_250_499L);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder =
        new ServletHolder(
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void service(HttpServletRequest request, HttpServletResponse response)
                  throws IOException {
                application.handle(request, response);
              }
            });
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    server.setHandler(context);
    server.start();
    port = connector.getLocalPort();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + TOKEN);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return client.send(request.build(), handler);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() throws Exception {
    events.close();
    server.stop();
  }
}
