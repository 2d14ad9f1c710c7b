package dev.larder.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.launcher.log.Logs;
import dev.larder.launcher.sample.BrokenActivator;
import dev.larder.launcher.sample.FailedActivator;
import dev.larder.launcher.sample.ReadyActivator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** A framework is started for real, on the bundles of {@link SampleDistribution}. */
@Timeout(30)
class LauncherTest {
  @TempDir Path folder;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private SampleDistribution distribution;
  private Options options;
  private Home home;
  private Logger log;

  @BeforeEach
  void open() throws Exception {
    distribution = new SampleDistribution(folder.resolve("a dist+"));
    options =
        new Options(folder.resolve("a dist+"), folder.resolve("ho me"), null, false, false, false);
    home = Home.open(options.home());
    home.wipe();
    log = Logs.open(home.logFile(), null, true);
  }

  @AfterEach
  void close() throws Exception {
    Logs.close();
    System.setOut(out);
    System.setErr(err);
    home.close();
  }

  private Launcher launcher() {
    return new Launcher(options, home, log, new PrintStream(console, true, StandardCharsets.UTF_8));
  }

  private String logged() throws Exception {
    return Files.readString(home.logFile());
  }

  private CompletableFuture<Throwable> running(Launcher launcher) {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                launcher.run();
                end.complete(null);
              } catch (Throwable e) {
                end.complete(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return end;
  }

  private void awaitRunFile(CompletableFuture<Throwable> end) throws Exception {
    while (!Files.exists(home.runFile()) && !end.isDone()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void saysWhereItIsWhenReadyAndTakesItBackAtTheEnd() throws Exception {
    distribution.bundle(1, ReadyActivator.class);
    Launcher launcher = launcher();
    CompletableFuture<Throwable> end = running(launcher);
    awaitRunFile(end);

    assertThat(Files.readString(home.runFile()))
        .startsWith("{\"pid\":" + ProcessHandle.current().pid() + ",")
        .contains("\"url\":\"http://127.0.0.1:1\"", "\"version\":\"1.2.3\"");
    launcher.stop();
    assertThat(end.get()).isNull();
    assertThat(home.runFile()).doesNotExist();
    assertThat(logged())
        .contains("hello from " + home.folder(), "printed by a bundle", "Ready after", "Stopped");
  }

  @Test
  void aBundleThatDoesNotStartIsReportedAndTheOthersStart() throws Exception {
    distribution
        .bundle(1, BrokenActivator.class)
        .line("1 missing.jar")
        .bundle(2, ReadyActivator.class);
    Launcher launcher = launcher();
    CompletableFuture<Throwable> end = running(launcher);
    awaitRunFile(end);

    assertThat(home.runFile()).exists();
    assertThat(console.toString(StandardCharsets.UTF_8))
        .contains("larder: bundle BrokenActivator does not start", "broken on purpose")
        .contains("missing.jar cannot be installed");
    launcher.stop();
    assertThat(end.get()).isNull();
  }

  @Test
  void endsWithTheReasonThatABundleGives() throws Exception {
    distribution.bundle(1, FailedActivator.class).bundle(2, ReadyActivator.class);
    Launcher launcher = launcher();

    assertThatThrownBy(launcher::run)
        .isInstanceOf(LaunchException.class)
        .hasMessage("the RAM folder is not ours");
    assertThat(home.runFile()).doesNotExist();
  }

  @Test
  void aDamagedCacheIsNoConcern() throws Exception {
    distribution.bundle(1, ReadyActivator.class);
    for (int i = 0; i < 2; i++) {
      Launcher launcher = launcher();
      CompletableFuture<Throwable> end = running(launcher);
      awaitRunFile(end);
      launcher.stop();
      assertThat(end.get()).isNull();
      try (var files = Files.walk(home.cache())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.write(file, new byte[] {1});
        }
      }
      home.wipe();
    }
    assertThat(logged().split("hello from", -1)).hasSize(3);
  }

  @Test
  void aPortInUseIsToldBeforeAnythingStarts() throws Exception {
    distribution.bundle(1, ReadyActivator.class);
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      options =
          new Options(
              options.distribution(), options.home(), other.getLocalPort(), false, false, false);

      assertThatThrownBy(launcher()::run)
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll("port " + other.getLocalPort(), "in use", "--port");
    }
    assertThat(logged()).doesNotContain("hello from");
  }

  @Test
  void aListWithAnErrorNamesTheLine() throws Exception {
    distribution.line("one file.jar");

    assertThatThrownBy(launcher()::run)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("bundles.list:2");
  }
}
