package dev.larder.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open H2 database: one connection that writes, one that reads. Each is used by one thread of
 * the catalog only, never by a caller's: an interrupt would close the file below.
 */
final class Database {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /**
   * A file that was not closed in order is never read again (see {@link Seal}), so what is written
   * before that is of no use but to keep memory small: H2 writes when some MiB have come together
   * (4 with a heap of 64), not every second, and gives room in the file free at once instead of
   * keeping what a power cut might bring back. Compressed, the file is little more than half as
   * large, and it takes room from the artifacts. The cache is small because the whole gateway has
   * 64 MiB of heap.
   */
  private static final String OPTIONS =
      ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=3600000;RETENTION_TIME=0;MAX_COMPACT_TIME=200"
          + ";COMPRESS=TRUE;CACHE_SIZE=2048;TRACE_LEVEL_FILE=0;LOCK_TIMEOUT=10000";

  private final Connection writer;
  private final Connection reader;

  private Database(Connection writer, Connection reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /** Opens or makes it, and checks that it can be read to the end. */
  static Database open(Path file) throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + file + OPTIONS);
    source.setUser("larder");
    source.setPassword("");
    Connection writer = source.getConnection();
    try {
      writer.setAutoCommit(false);
      Schema.prepare(writer);
      Connection reader = source.getConnection();
      try (Statement statement = reader.createStatement()) {
        // Rows are streamed: H2 would else collect a whole result first.
        statement.execute("SET LAZY_QUERY_EXECUTION 1");
      }
      return new Database(writer, reader);
    } catch (SQLException | RuntimeException e) {
      abandon(writer);
      throw e;
    }
  }

  /** Whether opening failed because another process has the file, which is no damage. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof SQLException sql
        && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
  }

  Connection writer() {
    return writer;
  }

  Connection reader() {
    return reader;
  }

  /** Writes all and closes; the file is then to be forced. */
  void close() throws SQLException {
    reader.close();
    writer.commit();
    writer.close();
  }

  /** Lets go of the file without writing to it any more. */
  void abandon() {
    abandon(writer);
  }

  private static void abandon(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException | RuntimeException e) {
      LOG.debug("closing a damaged catalog", e);
    }
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("closing a damaged catalog", e);
    }
  }
}
