package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Journal;
import dev.larder.store.ingest.InFlight;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackStream;
import dev.larder.store.pack.VolumeErrors;
import dev.larder.store.read.PackBlocks;
import dev.larder.store.work.Gate;
import java.io.IOException;
import java.util.List;

/** A volume, as far as a collection has to know it. */
public interface CollectedVolume {

  /** The append stream. */
  PackStream stream();

  /** Where blocks are. */
  BlockTable table();

  /** What the commit records say. */
  Journal journal();

  /** The packs. */
  PackFiles files();

  /** Reads manifests. */
  ManifestReader manifests();

  /** What is damaged. */
  Damage damage();

  /** Bytes that puts may still take. */
  long freeForPuts() throws IOException;

  /** What is being taken in. */
  InFlight inFlight();

  /** Reads the blocks of packs; a new one. */
  PackBlocks packBlocks();

  /** Wording of failures. */
  VolumeErrors errors();

  /** Size at which a pack is sealed. */
  long packTarget();

  /** Runs something while no commit is under way. */
  <T> T exclusively(Gate.Operation<T> work) throws IOException;

  /** Commits drops, within {@link #exclusively}. */
  void drop(List<Digest> digests) throws IOException;

  /** Saves what only a pack that is to be deleted may know; the stream's lock is held. */
  void saveFloors() throws IOException;
}
