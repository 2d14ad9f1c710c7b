package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Artifacts and their names. */
@ProviderType
public interface ArtifactStore {

  /**
   * Stores an artifact and names it. On return it is durable: it survives a power cut. If it fails
   * nothing is visible and its space is reclaimed.
   *
   * @throws NoSuitableTierException if no tier may take it
   * @throws LarderException {@link ErrorCode#TIER_FULL}, {@link ErrorCode#READ_ONLY}, {@link
   *     ErrorCode#BODY_INCOMPLETE}, …
   */
  PutResult put(PutRequest request, Content content) throws LarderException;

  /**
   * Stores many artifacts with one force per tier. All become durable together; if one fails, none
   * of them is visible. Of two with one reference the later one is current.
   */
  List<PutResult> putAll(PutBatch batch) throws LarderException;

  /** Opens what a reference stands for. */
  StoredContent open(Reference reference) throws LarderException;

  /** Opens content by digest. */
  StoredContent open(Digest digest) throws LarderException;

  /** All references, sorted. */
  List<ArtifactSummary> list() throws LarderException;

  /** All about one reference. */
  ArtifactDetails show(Reference reference) throws LarderException;

  /** Deletes a reference with its history. Works on a full tier; space comes back by collection. */
  void delete(Reference reference) throws LarderException;

  /** Gives a second name to what a reference stands for. */
  ArtifactSummary tag(Reference reference, Reference alias) throws LarderException;

  /** Sets a reference back to the content that it had before. */
  ArtifactSummary rollback(Reference reference) throws LarderException;
}
