package dev.larder.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  @Test
  void readableWhereThePidIs() {
    assertThat(FileNames.of("dev.larder.tier~card")).isEqualTo("dev.larder.tier~card.config");
  }

  @Test
  void nothingLeavesTheFolderOrHides() {
    assertThat(FileNames.of("../etc/passwd")).isEqualTo("%2e.%2fetc%2fpasswd.config");
    assertThat(FileNames.of("a\0b|c ü")).isEqualTo("a%00b%7cc%20%c3%bc.config");
  }

  @Test
  void longOnesStayApart() {
    String common = "x".repeat(300);
    List<String> names = List.of(FileNames.of(common + "a"), FileNames.of(common + "b"));
    assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.length() < 200);
  }
}
