package dev.larder.cli.command;

import com.google.gson.JsonObject;
import dev.larder.cli.Progress;
import dev.larder.cli.http.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many files in one request: for each a line of JSON that names it, then its bytes; at the end a
 * line with their number. The gateway makes all of them durable together.
 */
final class BatchBody implements Body {
  private final List<Folder.Item> items;
  private final List<byte[]> heads = new ArrayList<>();
  private final byte[] end;
  private final Progress progress;
  private final long length;

  BatchBody(
      List<Folder.Item> items,
      @Nullable String kind,
      @Nullable String tier,
      boolean strict,
      Progress progress) {
    this.items = items;
    this.progress = progress;
    JsonObject last = new JsonObject();
    last.addProperty("end", items.size());
    end = line(last);
    long sum = end.length;
    for (Folder.Item item : items) {
      byte[] head = line(head(item, kind, tier, strict));
      heads.add(head);
      sum += head.length + item.source().size();
    }
    length = sum;
  }

  private static JsonObject head(
      Folder.Item item, @Nullable String kind, @Nullable String tier, boolean strict) {
    JsonObject head = new JsonObject();
    head.addProperty("reference", item.reference());
    head.addProperty("size", item.source().size());
    if (kind != null) {
      head.addProperty("kind", kind);
    }
    if (tier != null) {
      head.addProperty("tier", tier);
    }
    if (strict) {
      head.addProperty("strict", true);
    }
    return head;
  }

  private static byte[] line(JsonObject object) {
    return (object + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public String type() {
    return "application/vnd.larder.batch";
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    for (int i = 0; i < items.size(); i++) {
      out.write(heads.get(i));
      items.get(i).source().writeTo(out, progress::add);
    }
    out.write(end);
  }
}
