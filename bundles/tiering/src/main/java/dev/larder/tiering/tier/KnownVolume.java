package dev.larder.tiering.tier;

import java.util.UUID;

/**
 * What the gateway remembers of a tier's volume, so that it recognises it wherever it comes back.
 *
 * @param uuid its name in the world
 * @param within path of its folder inside the file system it is on; empty where that is unknown
 * @param epoch that it had when it was seen last
 * @param sequence number of its last commit record then: a volume with less is an older copy
 * @param imported whether its artifacts and references are ours to use
 */
record KnownVolume(UUID uuid, String within, long epoch, long sequence, boolean imported) {

  KnownVolume asImported() {
    return new KnownVolume(uuid, within, epoch, sequence, true);
  }

  /** Whether a volume that claims to be this one has less than was seen already. */
  boolean isNewerThan(long otherEpoch, long otherSequence) {
    return otherEpoch < epoch || otherSequence < sequence;
  }
}
