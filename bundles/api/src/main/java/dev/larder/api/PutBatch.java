package dev.larder.api;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Artifacts that are stored together: a sequence that is walked once, by one thread. Nothing of it
 * need be held in memory, so it can come from a stream that is still arriving.
 */
public interface PutBatch {

  /** So many artifacts at most: all of their names change in one commit. */
  int MOST = 10_000;

  /**
   * One of them.
   *
   * @param request what to store and how
   * @param content its bytes; to be read, or given up, before the next entry is asked for
   */
  record Entry(PutRequest request, Content content) {}

  /**
   * The next one; empty at the end.
   *
   * @throws LarderException {@link ErrorCode#BODY_INCOMPLETE} if the source ends too early, {@link
   *     ErrorCode#INVALID_ARGUMENT} if it is malformed: then none of the batch is stored
   */
  Optional<Entry> next() throws IOException;

  /** A batch in the order of the map. */
  static PutBatch of(Map<PutRequest, Content> contents) {
    Iterator<Map.Entry<PutRequest, Content>> entries = contents.entrySet().iterator();
    return () ->
        entries.hasNext()
            ? Optional.of(entries.next()).map(e -> new Entry(e.getKey(), e.getValue()))
            : Optional.empty();
  }
}
