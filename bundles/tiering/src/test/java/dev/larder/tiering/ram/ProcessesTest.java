package dev.larder.tiering.ram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

  @TempDir Path proc;

  private void stat(long pid, String text) throws Exception {
    Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(proc.resolve(pid + "/stat"), text);
  }

  private static String line(String name, String state, long start) {
    return "42 ("
        + name
        + ") "
        + state
        + " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
        + start
        + " 20 21\n";
  }

  @Test
  void readsTheStartTimeWhateverTheNameHolds() throws Exception {
    stat(42, line("my ) model (x", "S", 987_654));
    assertThat(Processes.of(proc).startOf(42)).hasValue(987_654);
  }

  @Test
  void endedOnesAreNotThere() throws Exception {
    stat(42, line("gone", "Z", 5));
    assertThat(Processes.of(proc).startOf(42)).isEmpty();
    assertThat(Processes.of(proc).startOf(43)).isEmpty();
  }

  @Test
  void nonsenseIsNoProcess() throws Exception {
    for (String text :
        new String[] {"", "42", "42 (x) S 1 2", line("x", "S", 1).replace(" 1 20", " y 20")}) {
      stat(42, text);
      assertThat(Processes.of(proc).startOf(42)).isEmpty();
    }
  }

  @Test
  void thisProcessIsThere() {
    Processes here = Processes.ofThisMachine();
    long pid = ProcessHandle.current().pid();
    assertThat(here.startOf(pid)).isPresent().isEqualTo(here.startOf(pid));
  }
}
