package dev.larder.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

class DurablePersistenceManagerTest {
  private static final String PID = "dev.larder.tiering.tier~card";

  @TempDir Path home;
  private Path folder;
  private DurablePersistenceManager manager;

  @BeforeEach
  void open() throws IOException {
    folder = home.resolve("conf/config");
    manager = reopened();
  }

  private DurablePersistenceManager reopened() throws IOException {
    return new DurablePersistenceManager(
        new ConfigurationFiles(new DurableFolder(folder), NOPLogger.NOP_LOGGER),
        NOPLogger.NOP_LOGGER);
  }

  private static Dictionary<String, Object> properties(Object... keysAndValues) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("service.pid", PID);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  private Path file() {
    return folder.resolve(PID + ".config");
  }

  private List<String> fileNames() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void keepsTypes() throws IOException {
    Dictionary<String, Object> all =
        properties(
            "text",
            "a \"b\"\n=\\ü€ #",
            "empty",
            "",
            "int",
            1,
            "long",
            Long.MIN_VALUE,
            "short",
            (short) -3,
            "byte",
            (byte) 4,
            "char",
            'ß',
            "float",
            1.5f,
            "double",
            Math.PI,
            "true",
            true,
            "ints",
            new int[] {1, 2},
            "longs",
            new Long[] {3L},
            "texts",
            new String[] {"a", "", "c,d"},
            "none",
            new String[0],
            "list",
            new ArrayList<>(List.of("x", "y")));
    manager.store(PID, all);

    Dictionary<?, ?> read = reopened().load(PID);

    assertThat(Collections.list(read.keys()).stream().map(Object::toString).toList())
        .containsExactlyInAnyOrderElementsOf(Collections.list(all.keys()));
    for (String key : Collections.list(all.keys())) {
      assertThat(read.get(key)).as(key).isEqualTo(all.get(key));
      assertThat(read.get(key)).as(key).hasSameClassAs(all.get(key));
    }
  }

  @Test
  void listsStoresAndDeletes() throws IOException {
    manager.store(PID, properties("a", 1));

    assertThat(manager.exists(PID)).isTrue();
    assertThat(Collections.list(reopened().getDictionaries())).hasSize(1);
    manager.delete(PID);
    assertThat(manager.exists(PID)).isFalse();
    assertThat(reopened().getDictionaries().hasMoreElements()).isFalse();
    assertThat(fileNames()).isEmpty();
    assertThatThrownBy(() -> manager.load(PID)).isInstanceOf(IOException.class);
  }

  @Test
  void keepsTwoFormerGenerations() throws IOException {
    for (int i = 1; i <= 5; i++) {
      manager.store(PID, properties("generation", i));
    }

    String name = PID + ".config";
    assertThat(fileNames()).containsExactly(name, name + ".1", name + ".2");
    assertThat(Files.readString(file())).contains("5");
    assertThat(Files.readString(folder.resolve(name + ".1"))).contains("4");
    assertThat(Files.readString(folder.resolve(name + ".2"))).contains("3");
  }

  @Test
  void writesNothingWhenNothingChanged() throws IOException {
    manager.store(PID, properties("a", 1, "b", 2));
    manager.store(PID, properties("b", 2, "a", 1));

    assertThat(fileNames()).containsExactly(PID + ".config");
  }

  @Test
  void everyTruncationIsNoticedAndTheFormerGenerationUsed() throws IOException {
    manager.store(PID, properties("generation", 1));
    manager.store(PID, properties("generation", 2));
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));

      assertThat(reopened().load(PID).get("generation")).as("cut at %d", length).isEqualTo(1);
    }
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    manager.store(PID, properties("generation", 1));
    manager.store(PID, properties("generation", 2));
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file(), flipped);

      assertThat(reopened().load(PID).get("generation")).isEqualTo(1);
    }
  }

  @Test
  void damagedFilesAreKeptAsideInBoundedNumber() throws IOException {
    manager.store(PID, properties("generation", 1));
    for (int i = 0; i < 20; i++) {
      manager.store(PID, properties("generation", i + 2));
      Files.write(file(), new byte[] {0, 1, 2, (byte) i});
      assertThat(reopened().load(PID).get("generation")).isNotNull();
    }

    assertThat(fileNames().stream().filter(n -> n.contains(".damaged-"))).hasSize(9);
  }

  @Test
  void oneConfigurationThatIsLostDoesNotHideTheOthers() throws IOException {
    manager.store(PID, properties("a", 1));
    Dictionary<String, Object> other = properties("b", 2);
    other.put("service.pid", "other");
    manager.store("other", other);
    Files.write(file(), "garbage".getBytes(StandardCharsets.UTF_8));

    List<?> left = Collections.list(reopened().getDictionaries());

    assertThat(left).hasSize(1);
    assertThat(fileNames()).contains(PID + ".config.damaged-1", "other.config");
  }

  @Test
  void aDamagedFileDoesNotPushOutAGoodGeneration() throws IOException {
    manager.store(PID, properties("generation", 1));
    manager.store(PID, properties("generation", 2));
    Files.write(file(), new byte[100]);
    manager.store(PID, properties("generation", 3));

    assertThat(Files.readString(folder.resolve(PID + ".config.1"))).contains("1");
    assertThat(reopened().load(PID).get("generation")).isEqualTo(3);
  }

  @Test
  void whatWasDeletedByHandDoesNotComeBack() throws IOException {
    manager.store(PID, properties("generation", 1));
    manager.store(PID, properties("generation", 2));
    Files.delete(file());
    manager.store(PID, properties("generation", 3));

    assertThat(fileNames()).containsExactly(PID + ".config");
  }

  @Test
  void takesFilesWrittenByHand() throws IOException {
    Files.writeString(file(), "service.pid=\"" + PID + "\"\ncapacity=L\"7\"\n");

    assertThat(reopened().load(PID).get("capacity")).isEqualTo(7L);
  }

  @Test
  void takesItsOwnFilesEditedByHandAsTheFirstLineSays() throws IOException {
    manager.store(PID, properties("capacity", 7L));
    String text = Files.readString(file());
    Files.writeString(file(), text.substring(text.indexOf('\n') + 1).replace('7', '8'));

    assertThat(reopened().load(PID).get("capacity")).isEqualTo(8L);
  }

  @Test
  void anUnfinishedFileOfAPowerCutMeansNothing() throws IOException {
    manager.store(PID, properties("generation", 1));
    Files.writeString(folder.resolve(PID + ".config.new"), "half");

    assertThat(reopened().load(PID).get("generation")).isEqualTo(1);
    assertThat(fileNames()).containsExactly(PID + ".config");
  }

  @Test
  void aFileOfAbsurdSizeIsNotRead() throws IOException {
    manager.store(PID, properties("generation", 1));
    manager.store(PID, properties("generation", 2));
    Files.write(file(), new byte[(int) Format.LARGEST + 1]);

    assertThat(reopened().load(PID).get("generation")).isEqualTo(1);
  }

  @Test
  void anInterruptedCallerStillStores() throws IOException {
    Thread.currentThread().interrupt();
    manager.store(PID, properties("a", 1));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(reopened().load(PID).get("a")).isEqualTo(1);
  }

  @Test
  void onlyTheOwnerCanReadConfigurations() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void aStrayBracketDoesNotBecomeAKeyThatCannotBeReadAgain() {
    byte[] file =
        "a=\"1\"\n)\nservice.pid=\"x\"\nservice.pid=\"y\"\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Format.read(file)).isInstanceOf(IOException.class);
  }
}
