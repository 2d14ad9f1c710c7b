package dev.larder.store.collect;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads every block and checks its SHA-256, pack after pack, on the caller's thread alone. */
public final class Scrubber {

  private static final int MOST_FINDINGS = 100;

  private final PackFiles files;
  private final PackBlocks blocks;
  private final List<String> findings = new ArrayList<>();
  private long checked;
  private long bytes;
  private long bad;

  /** For one scrub. */
  public Scrubber(PackFiles files, PackBlocks blocks) {
    this.files = files;
    this.blocks = blocks;
  }

  /** Does it. */
  public ScrubReport run(Cancellation cancellation) throws IOException {
    for (int pack : files.numbers()) {
      try {
        blocks.read(pack, group -> group.forEach(this::check), cancellation);
      } catch (PackGoneException e) {
        continue; // collected meanwhile: its live blocks are in a later pack
      }
    }
    return new ScrubReport(checked, bytes, bad, 0, List.copyOf(findings));
  }

  private void check(PackBlocks.Loaded block) {
    checked++;
    bytes += block.location().form().stored();
    try {
      blocks.verify(block);
    } catch (LarderException e) {
      bad += e.code() == ErrorCode.CORRUPT ? 1 : 0;
      find(e.describe());
    } catch (IOException e) {
      bad++;
      find("block " + block.hash() + ": " + e);
    }
  }

  private void find(String finding) {
    if (findings.size() < MOST_FINDINGS && !findings.contains(finding)) {
      findings.add(finding);
    }
  }
}
