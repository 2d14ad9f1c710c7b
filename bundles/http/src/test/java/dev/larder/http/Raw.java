package dev.larder.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests that no decent client would send. */
final class Raw {

  private Raw() {}

  /** Sends bytes and reads the status of the answer. */
  static int status(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return status(socket.getInputStream());
    }
  }

  /** Sends bytes, then the end of the stream, and reads the status of the answer; 0 if none. */
  static int cutOff(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return status(socket.getInputStream());
    }
  }

  /** Sends a head and, as far as it is taken, a body; then reads the status of the answer. */
  static int statusAfter(int port, String head, long bodyLength) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return statusAfterBody(socket, bodyLength);
    }
  }

  /** The same, but the body is sent only when it is asked for. */
  static int statusAfterContinue(int port, String head, long bodyLength) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      int status = status(socket.getInputStream());
      if (status != 100) {
        return status;
      }
      socket.getInputStream().readNBytes(" Continue\r\n\r\n".length());
      return statusAfterBody(socket, bodyLength);
    }
  }

  private static int statusAfterBody(Socket socket, long bodyLength) throws IOException {
    byte[] chunk = new byte[50_000];
    try {
      for (long sent = 0; sent < bodyLength; sent += chunk.length) {
        socket.getOutputStream().write(chunk);
      }
    } catch (IOException e) {
      return status(socket.getInputStream()); // refused on the way: the answer is there
    }
    return status(socket.getInputStream());
  }

  private static int status(InputStream in) throws IOException {
    byte[] line = in.readNBytes(12);
    return line.length < 12
        ? 0
        : Integer.parseInt(new String(line, 9, 3, StandardCharsets.US_ASCII));
  }
}
