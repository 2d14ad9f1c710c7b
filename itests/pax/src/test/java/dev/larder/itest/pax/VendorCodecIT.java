package dev.larder.itest.pax;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.LarderException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;

/** A codec that Larder has never seen, built against its API alone, is dropped in and used. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class VendorCodecIT extends GatewayTestCase {

  private static final String JAR = "larder.itest.vendor.jar";
  private static final String CODEC = "com.example.codec.xordeflate";
  private static final int SIZE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Configuration
  public Option[] gateway() {
    Option gateway =
        Distribution.gateway(
            VendorCodecIT.class,
            Map.of("larder.codec.choice", "xordeflate", "larder.patience", "1s"));
    Path jar = VendorBundle.build(Distribution.freshFolder(VendorBundle.class));
    return new Option[] {gateway, CoreOptions.systemProperty(JAR).value(jar.toUri().toString())};
  }

  @Test
  public void isUsedMissedAndUsedAgain() throws Exception {
    byte[] before = Samples.model(21, SIZE);
    byte[] during = Samples.model(22, SIZE);
    byte[] without = Samples.model(23, SIZE);
    put("vendor/before", before);

    Bundle vendor = context.installBundle(System.getProperty(JAR));
    vendor.start();
    assertTrue("compressed", put("vendor/during", during).storedBytes() < SIZE * 3 / 4);
    assertArrayEquals(during, get("vendor/during"));

    vendor.stop();
    assertEquals(SIZE, put("vendor/without", without).size());
    LarderException missing = failureOf(() -> get("vendor/during"));
    assertEquals(ErrorCode.CODEC_MISSING, missing.code());
    assertTrue(missing.describe(), missing.describe().contains(CODEC));
    await("health names the codec", PATIENCE, this::healthNamesTheCodec);
    assertArrayEquals(before, get("vendor/before"));
    assertArrayEquals(without, get("vendor/without"));

    vendor.start();
    await("health is well again", PATIENCE, () -> !healthNamesTheCodec());
    assertArrayEquals(during, get("vendor/during"));
    vendor.update();
    assertArrayEquals(during, get("vendor/during"));
  }

  private boolean healthNamesTheCodec() {
    return health.findings().stream().map(HealthFinding::subject).anyMatch(s -> s.contains(CODEC));
  }
}
