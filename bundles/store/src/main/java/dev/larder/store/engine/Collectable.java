package dev.larder.store.engine;

import dev.larder.api.Digest;
import dev.larder.store.collect.CollectedVolume;
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
import java.util.function.Supplier;

/** A volume as its collector sees it. */
record Collectable(
    VolumeState state, Committer committer, InFlight inFlight, Supplier<PackBlocks> readers)
    implements CollectedVolume {

  @Override
  public Damage damage() {
    return state.damage();
  }

  @Override
  public long freeForPuts() throws IOException {
    return state.freeForPuts();
  }

  @Override
  public PackStream stream() {
    return state.stream();
  }

  @Override
  public BlockTable table() {
    return state.table();
  }

  @Override
  public Journal journal() {
    return state.journal();
  }

  @Override
  public PackFiles files() {
    return state.files();
  }

  @Override
  public ManifestReader manifests() {
    return state.manifests();
  }

  @Override
  public PackBlocks packBlocks() {
    return readers.get();
  }

  @Override
  public VolumeErrors errors() {
    return state.errors();
  }

  @Override
  public long packTarget() {
    return state.packTarget();
  }

  @Override
  public <T> T exclusively(Gate.Operation<T> work) throws IOException {
    return committer.exclusively(work);
  }

  @Override
  public void drop(List<Digest> digests) throws IOException {
    committer.drop(digests);
  }

  @Override
  public void saveFloors() throws IOException {
    state.saveFloors();
  }
}
