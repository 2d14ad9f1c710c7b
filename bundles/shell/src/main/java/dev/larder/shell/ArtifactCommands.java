package dev.larder.shell;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactStore;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.Content;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code larder:put}, {@code larder:get}, {@code larder:ls}, … */
@Component(
    service = ArtifactCommands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=put",
      "osgi.command.function=get",
      "osgi.command.function=ls",
      "osgi.command.function=show",
      "osgi.command.function=rm",
      "osgi.command.function=tag",
      "osgi.command.function=rollback"
    })
public final class ArtifactCommands {

  private static final double NANOS_PER_MILLI = 1e6;

  private final ArtifactStore store;

  /** Commands on the store. */
  @Activate
  public ArtifactCommands(@org.osgi.service.component.annotations.Reference ArtifactStore store) {
    this.store = store;
  }

  /** Stores a file under the name of the file. */
  public String put(String file) throws LarderException {
    Path path = Path.of(file);
    return put(file, Reference.componentOf(String.valueOf(path.getFileName())));
  }

  /** Stores a file as a model. */
  public String put(String file, String reference) throws LarderException {
    return put(file, reference, "model");
  }

  /** Stores a file; the kind is {@code model} or {@code protocol}. */
  public String put(String file, String reference, String kind) throws LarderException {
    ArtifactKind what =
        switch (kind) {
          case "model" -> ArtifactKind.MODEL;
          case "protocol" -> ArtifactKind.PROTOCOL_DATA;
          default -> throw LarderException.invalid("kind '" + kind + "' is not model or protocol");
        };
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw LarderException.notFound("there is no file " + file, "");
    }
    PutResult result = store.put(PutRequest.of(Reference.parse(reference), what), Content.of(path));
    return String.format(
        "%s %s %d bytes, %d stored (%d of %d blocks new) on %s in %.1f ms",
        result.reference(),
        result.digest(),
        result.size(),
        result.storedBytes(),
        result.newBlocks(),
        result.totalBlocks(),
        result.tier(),
        result.nanos() / NANOS_PER_MILLI);
  }

  /** Writes an artifact to a file that is not there yet. */
  public String get(String reference, String file) throws IOException {
    try (StoredContent content = store.open(Reference.parse(reference));
        ReadableByteChannel bytes = content.read(0, content.size())) {
      Files.copy(Channels.newInputStream(bytes), Path.of(file));
      return content.digest() + " " + content.size() + " bytes";
    }
  }

  /** All references. */
  public String ls() throws LarderException {
    return store.list().stream().map(ArtifactCommands::row).collect(Collectors.joining("\n"));
  }

  private static String row(ArtifactSummary row) {
    return String.format(
        "%-40s %s %12d %s %s",
        row.reference(),
        row.digest().toString().substring(0, 12),
        row.size(),
        row.kind(),
        row.tiers().isEmpty() ? "(unavailable)" : String.join(",", row.tiers()));
  }

  /** All about one reference. */
  public String show(String reference) throws LarderException {
    ArtifactDetails details = store.show(Reference.parse(reference));
    return String.format(
        "%s%n digest      %s%n size        %d%n kind        %s%n temperature %s%n chunker     %s (%d"
            + " blocks)%n replicas    %s%n history     %s%n reclaimable %d bytes",
        details.reference(),
        details.digest(),
        details.size(),
        details.kind(),
        details.temperature(),
        details.chunker(),
        details.blocks(),
        details.replicas(),
        details.history(),
        details.reclaimableBytes());
  }

  /** Deletes a reference. */
  public void rm(String reference) throws LarderException {
    store.delete(Reference.parse(reference));
  }

  /** Gives an artifact a second name. */
  public String tag(String reference, String alias) throws LarderException {
    return row(store.tag(Reference.parse(reference), Reference.parse(alias)));
  }

  /** Sets a reference back to what it stood for before. */
  public String rollback(String reference) throws LarderException {
    return row(store.rollback(Reference.parse(reference)));
  }
}
