package dev.larder.tiering.swap;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.ram.RamFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Artifacts whose content follows from their digest; loads can be stopped on the way, and fail. */
final class FakeSource implements ArtifactSource {

  static final int BLOCK = 16 << 10;

  final AtomicInteger loads = new AtomicInteger();
  final Map<Digest, CountDownLatch> gates = new ConcurrentHashMap<>();
  final Map<Digest, Throwable> failures = new ConcurrentHashMap<>();
  private final Map<Digest, BooleanSupplier> waiting = new ConcurrentHashMap<>();
  volatile boolean absent;
  private final Map<Reference, Resolved> artifacts = new ConcurrentHashMap<>();

  static Digest digest(int number) {
    return new Digest(number * 0x9E3779B97F4A7C15L, number, 3, 4);
  }

  static Reference reference(int number) {
    return Reference.parse("models/m" + number + ":v1");
  }

  static byte at(Digest digest, long offset) {
    return (byte) (digest.b() * 31 + offset % 251);
  }

  void put(int number, long size) {
    put(reference(number), digest(number), size);
  }

  void put(Reference reference, Digest digest, long size) {
    artifacts.put(reference, new Resolved(digest, size, ArtifactKind.MODEL));
  }

  void remove(int number) {
    artifacts.remove(reference(number));
  }

  /** Whether somebody waits for the load of an artifact, as it sees it. */
  boolean waitedFor(Digest digest) {
    return waiting.get(digest).getAsBoolean();
  }

  /** Lets the load of an artifact stop before its last block until the latch is opened. */
  CountDownLatch stop(int number) {
    CountDownLatch gate = new CountDownLatch(1);
    gates.put(digest(number), gate);
    return gate;
  }

  @Override
  public Optional<Resolved> resolve(Reference reference) throws LarderException {
    if (absent) {
      throw new LarderException(ErrorCode.TIER_ABSENT, "the card is not there", "");
    }
    return Optional.ofNullable(artifacts.get(reference));
  }

  @Override
  public LoadResult load(
      Digest digest, RamFile target, BooleanSupplier waited, Cancellation cancellation)
      throws IOException {
    waiting.put(digest, waited);
    loads.incrementAndGet();
    for (long offset = 0; offset < target.size(); offset += BLOCK) {
      int length = (int) Math.min(BLOCK, target.size() - offset);
      boolean last = offset + length == target.size();
      if (last) {
        stopAndFail(digest, cancellation);
      }
      ByteBuffer block = ByteBuffer.allocate(length);
      for (int i = 0; i < length; i++) {
        block.put(at(digest, offset + i));
      }
      target.accept(offset, block.flip());
    }
    return new LoadResult(SwapLevel.STORAGE, target.size() / 2, 7);
  }

  private void stopAndFail(Digest digest, Cancellation cancellation) throws IOException {
    CountDownLatch gate = gates.get(digest);
    try {
      while (gate != null && gate.getCount() > 0) {
        cancellation.check();
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable failure = failures.get(digest);
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
