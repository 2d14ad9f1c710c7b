package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.api.Digest;
import dev.larder.api.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodiesTest {

  private static final String AUTH =
      "Host: 127.0.0.1\r\nAuthorization: Bearer " + TestServer.TOKEN + "\r\n";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private HttpResponse<String> put(String query, byte[] body) throws Exception {
    return server.send(
        server.request("/v1/artifacts?" + query).PUT(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void aPutTellsWhatItDid() throws Exception {
    byte[] body = new byte[3_000_000];
    new Random(1).nextBytes(body);
    HttpResponse<String> response = put("ref=m&kind=protocol", body);
    assertThat(response.statusCode()).isEqualTo(201);
    JsonObject result = JsonParser.parseString(response.body()).getAsJsonObject();
    assertThat(result.keySet())
        .contains(
            "reference",
            "digest",
            "size",
            "storedBytes",
            "newBlocks",
            "totalBlocks",
            "tier",
            "millis");
    assertThat(result.get("digest").getAsString()).isEqualTo(FakeGateway.sha256(body).toString());
    assertThat(result.get("size").getAsLong()).isEqualTo(3_000_000);
    assertThat(put("ref=again", body).statusCode()).isEqualTo(200);
    assertThat(put("ref=empty", new byte[0]).statusCode()).isEqualTo(201);
  }

  @Test
  void aPutOfUnknownLengthIsStreamed() throws Exception {
    byte[] body = new byte[1_000_000];
    HttpResponse<String> response =
        server.send(
            server
                .request("/v1/artifacts?ref=m")
                .PUT(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))));
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).contains(FakeGateway.sha256(body).toString());
  }

  @Test
  void aRefusalReachesAClientThatIsStillSending() throws Exception {
    byte[] body = new byte[5_000_000];
    for (int i = 0; i < 30; i++) {
      HttpResponse<String> refused =
          server.send(server.request("/v1/swaps").POST(BodyPublishers.ofByteArray(body)));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("the body is longer than");
    }
  }

  @Test
  void badPutsAreRefused() throws Exception {
    assertThat(put("ref=", new byte[1]).statusCode()).isEqualTo(400);
    assertThat(put("kind=model", new byte[1]).statusCode()).isEqualTo(400);
    assertThat(put("ref=m&kind=other", new byte[1]).statusCode()).isEqualTo(400);
    assertThat(put("ref=m&predecessor=.", new byte[1]).statusCode()).isEqualTo(400);
    assertThat(put("ref=m&digest=" + "0".repeat(64), new byte[1]).body())
        .contains("BODY_INCOMPLETE");
    assertThat(put("ref=m&digest=12", new byte[1]).body()).contains("INVALID_ARGUMENT");
    assertThat(server.gateway.artifacts).isEmpty();
    assertThat(put("ref=m&digest=" + FakeGateway.sha256(new byte[5]), new byte[5]).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aBodyThatIsCutOffStoresNothing() throws Exception {
    String known =
        "PUT /v1/artifacts?ref=m HTTP/1.1\r\n" + AUTH + "Content-Length: 1000\r\n\r\nabc";
    String chunked =
        "PUT /v1/artifacts?ref=m HTTP/1.1\r\n"
            + AUTH
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n";
    assertThat(Raw.cutOff(server.port, known)).isIn(0, 400);
    assertThat(Raw.cutOff(server.port, chunked)).isIn(0, 400);
    assertThat(Raw.cutOff(server.port, chunked + "ffff\r\nabc")).isIn(0, 400);
    assertThat(server.gateway.artifacts).isEmpty();
    assertThat(Raw.cutOff(server.port, chunked + "0\r\n\r\n")).isEqualTo(201);
  }

  @Test
  void nobodyIsAskedForABodyInVain() throws Exception {
    server.gateway.up = false;
    String head =
        "PUT /v1/artifacts?ref=m HTTP/1.1\r\n"
            + AUTH
            + "Content-Length: 50000000\r\nExpect: 100-continue\r\n\r\n";
    assertThat(Raw.status(server.port, head)).isEqualTo(503);
    server.gateway.up = true;
    assertThat(Raw.status(server.port, head)).isEqualTo(100);
  }

  @Test
  void whoIsRefusedAfterHavingBeenAskedGetsTheAnswer() throws Exception {
    server.gateway.room = 1_000_000;
    String head =
        "PUT /v1/artifacts?ref=m HTTP/1.1\r\n"
            + AUTH
            + "Content-Length: 20000000\r\nExpect: 100-continue\r\n\r\n";
    for (int i = 0; i < 20; i++) {
      assertThat(Raw.statusAfterContinue(server.port, head, 20_000_000)).isEqualTo(507);
    }
  }

  private static byte[] batch(String... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) {
      bytes.writeBytes(part.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private HttpResponse<String> sendBatch(String... parts) throws Exception {
    return server.send(
        server
            .request("/v1/batches")
            .header("Content-Type", "application/vnd.larder.batch")
            .POST(BodyPublishers.ofByteArray(batch(parts))));
  }

  @Test
  void aBatchIsStoredTogether() throws Exception {
    HttpResponse<String> response =
        sendBatch(
            "{\"reference\":\"a/x.dbc\",\"size\":3}\n",
            "abc",
            "{\"reference\":\"skipped\",\"size\":5}\n",
            "12345",
            "{\"reference\":\"empty\",\"size\":0,\"kind\":\"protocol\"}\n",
            "{\"reference\":\"b:v2\",\"size\":4,\"tier\":\"t\"}\n",
            "\n{}\n",
            "{\"end\":4}\n");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    assertThat(JsonParser.parseString(response.body()).getAsJsonArray()).hasSize(3);
    FakeGateway.Stored b = server.gateway.artifacts.get(Reference.parse("b:v2"));
    assertThat(b.digest()).isEqualTo(FakeGateway.sha256("\n{}\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(b.request().tier()).hasValue("t");
    assertThat(server.gateway.artifacts.get(Reference.parse("a/x.dbc")).request().kind())
        .isEqualTo(dev.larder.api.ArtifactKind.PROTOCOL_DATA);
  }

  @Test
  void aBatchThatIsNotWholeStoresNothing() throws Exception {
    String one = "{\"reference\":\"a\",\"size\":3}\n";
    assertThat(sendBatch(one, "abc").body()).contains("BODY_INCOMPLETE");
    assertThat(sendBatch(one, "ab").body()).contains("BODY_INCOMPLETE");
    assertThat(sendBatch(one, "abc", "{\"end\":2}\n").body()).contains("BODY_INCOMPLETE");
    assertThat(sendBatch().body()).contains("BODY_INCOMPLETE");
    assertThat(sendBatch(one, "abc", "{\"end\":1}\n", "x").body()).contains("INVALID_ARGUMENT");
    assertThat(sendBatch("{\"reference\":\"../a\",\"size\":3}\n", "abc").body())
        .contains("INVALID_ARGUMENT");
    assertThat(sendBatch("{\"reference\":\"a\",\"size\":-3}\n").body())
        .contains("INVALID_ARGUMENT");
    assertThat(sendBatch("{\"reference\":\"a\"}\n").body()).contains("INVALID_ARGUMENT");
    assertThat(sendBatch("x".repeat(9_000)).body()).contains("INVALID_ARGUMENT");
    assertThat(server.call("POST", "/v1/batches", "").body()).contains("INVALID_ARGUMENT");
    assertThat(server.gateway.artifacts).isEmpty();
    assertThat(sendBatch("{\"end\":0}\n").statusCode()).isEqualTo(201);
  }

  private HttpResponse<byte[]> content(String query, String... headers) throws Exception {
    var request = server.request("/v1/content?" + query);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request, BodyHandlers.ofByteArray());
  }

  private static byte[] expected(long from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = PatternStream.at(from + i);
    }
    return bytes;
  }

  @Test
  void contentIsReadWholeAndInRanges() throws Exception {
    server.gateway.pattern("m", 300_000);
    HttpResponse<byte[]> whole = content("ref=m");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(expected(0, 300_000));
    Digest digest = server.gateway.artifacts.get(Reference.parse("m")).digest();
    String tag = "\"" + digest + "\"";
    assertThat(whole.headers().firstValue("ETag")).hasValue(tag);
    assertThat(content("digest=" + digest).body()).hasSize(300_000);

    HttpResponse<byte[]> part = content("ref=m", "Range", "bytes=100000-199999");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(expected(100_000, 100_000));
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 100000-199999/300000");
    assertThat(content("ref=m", "Range", "bytes=-10").body()).isEqualTo(expected(299_990, 10));
    assertThat(content("ref=m", "Range", "bytes=299999-").body()).isEqualTo(expected(299_999, 1));
    assertThat(content("ref=m", "Range", "bytes=0-999999999").body()).hasSize(300_000);
    HttpResponse<byte[]> outside = content("ref=m", "Range", "bytes=300000-");
    assertThat(outside.statusCode()).isEqualTo(416);
    assertThat(outside.headers().firstValue("Content-Range")).hasValue("bytes */300000");
    assertThat(content("ref=m", "Range", "bytes=5-1").statusCode()).isEqualTo(200);
    assertThat(content("ref=m", "Range", "bytes=0-1,3-4").statusCode()).isEqualTo(200);
    assertThat(content("ref=m", "Range", "bytes=0-1", "If-Range", tag).statusCode()).isEqualTo(206);
    assertThat(content("ref=m", "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode())
        .isEqualTo(200);
    assertThat(content("ref=m", "If-None-Match", "\"x\", " + tag).statusCode()).isEqualTo(304);
    assertThat(content("ref=m", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    assertThat(content("ref=none").statusCode()).isEqualTo(404);
    assertThat(content("").statusCode()).isEqualTo(400);
    assertThat(content("ref=m&digest=" + digest).statusCode()).isEqualTo(400);
    assertThat(server.gateway.openContents).hasValue(0);
  }

  @Test
  void headTellsSizeAndDigest() throws Exception {
    server.gateway.pattern("m", 5_000_000_000L);
    HttpResponse<byte[]> head =
        server.send(
            server.request("/v1/content?ref=m").method("HEAD", BodyPublishers.noBody()),
            BodyHandlers.ofByteArray());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(5_000_000_000L);
    assertThat(head.headers().firstValue("ETag")).isPresent();
  }

  @Test
  void anEmptyArtifactIsRead() throws Exception {
    server.gateway.pattern("m", 0);
    HttpResponse<byte[]> empty = content("ref=m");
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    assertThat(content("ref=m", "Range", "bytes=0-").statusCode()).isEqualTo(416);
  }

  @Test
  void largeContentEndsBehindFourGiB() throws Exception {
    server.gateway.pattern("m", 6L << 30);
    assertThat(content("ref=m", "Range", "bytes=5000000000-5000099999").body())
        .isEqualTo(expected(5_000_000_000L, 100_000));
  }

  @Test
  void aReadThatFailsOnTheWayIsNotTakenForWhole() throws Exception {
    server.gateway.pattern("m", 2_000_000);
    server.gateway.failReadAt = 1_000_000;
    assertThatThrownBy(() -> content("ref=m")).isInstanceOf(IOException.class);
    server.gateway.failReadAt = 0;
    HttpResponse<byte[]> early = content("ref=m");
    assertThat(early.statusCode()).isEqualTo(500);
    assertThat(new String(early.body(), StandardCharsets.UTF_8)).contains("CORRUPT");
    assertThat(server.gateway.openContents).hasValue(0);
  }

  @Test
  void aLargeBodyThatIsRefusedGetsItsAnswer() throws Exception {
    String head = "PUT /v1/artifacts?ref=.. HTTP/1.1\r\n" + AUTH + "Content-Length: 50000000\r\n";
    assertThat(Raw.status(server.port, head + "Expect: 100-continue\r\n\r\n")).isEqualTo(400);
    assertThat(Raw.statusAfter(server.port, head + "\r\n", 50_000_000)).isEqualTo(400);
  }
}
