package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog's database takes no change for seconds; nobody who puts, swaps or deletes waits. */
class BlockedCatalogTest {

  private static final int PUTS = 50;

  @TempDir Path folder;

  @Test
  void noPutWaitsForTheCatalog() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.put("first", Rig.model(0, 10_000));
      assertThat(rig.core.store().list()).hasSize(1); // it is open
      JdbcDataSource source = new JdbcDataSource();
      source.setURL("jdbc:h2:file:" + folder.resolve("home/catalog/larder"));
      source.setUser("larder");
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("UPDATE volume SET tier = 'held'"); // each change needs this row
        long started = System.nanoTime();
        for (int i = 1; i <= PUTS; i++) {
          rig.put("m" + i, Rig.model(i, 10_000));
          assertThat(rig.get("m" + i)).isEqualTo(Rig.model(i, 10_000));
        }
        rig.core.store().delete(Rig.ref("m1"));
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        // The row is waited for 10 s: whoever waited for the database would be in here.
        assertThat(took).isLessThan(Duration.ofSeconds(8));
        try (Statement question = connection.createStatement();
            var rows = question.executeQuery("SELECT COUNT(*) FROM replica")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).as("the catalog is still held up").isEqualTo(1);
        }
        connection.rollback();
      }
      assertThat(rig.core.store().list())
          .extracting(ArtifactSummary::reference)
          .hasSize(PUTS)
          .doesNotContain(Rig.ref("m1"));
    }
  }
}
