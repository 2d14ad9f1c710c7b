package dev.larder.http.metrics;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the process takes, by the names that Prometheus has for it. */
final class ProcessMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessMetrics.class);
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMetrics() {}

  static void gather(Metrics metrics) {
    memory(metrics);
    var memory = ManagementFactory.getMemoryMXBean();
    java(metrics, "heap", memory.getHeapMemoryUsage());
    java(metrics, "nonheap", memory.getNonHeapMemoryUsage());
    metrics.gauge(
        "jvm_threads_current",
        "Threads of the JVM",
        ManagementFactory.getThreadMXBean().getThreadCount());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String[] labels = {"gc", collector.getName()};
      metrics.counter(
          "jvm_gc_collections", "Garbage collections", collector.getCollectionCount(), labels);
      metrics.counter(
          "jvm_gc_seconds",
          "Time that they took",
          Math.max(0, collector.getCollectionTime()) / 1e3,
          labels);
    }
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      metrics.counter(
          "process_cpu_seconds",
          "Processor time, user and system",
          Math.max(0, unix.getProcessCpuTime()) / 1e9);
      metrics.gauge("process_open_fds", "Open files", unix.getOpenFileDescriptorCount());
    }
  }

  private static void java(Metrics metrics, String area, MemoryUsage usage) {
    metrics.gauge("jvm_memory_used_bytes", "Memory in use", usage.getUsed(), "area", area);
    metrics.gauge("jvm_memory_committed_bytes", "Memory held", usage.getCommitted(), "area", area);
  }

  /** Without what is shared: models on tmpfs that it has mapped are no memory of its own. */
  private static void memory(Metrics metrics) {
    long resident = -1;
    long shared = 0;
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          resident = bytes(line);
        } else if (line.startsWith("RssShmem:")) {
          shared = bytes(line);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{} cannot be read", STATUS, e);
    }
    if (resident >= 0) {
      metrics.gauge("process_resident_memory_bytes", "Resident memory", resident);
      metrics.gauge(
          "larder_own_memory_bytes",
          "Resident memory without shared memory, where models are",
          resident - shared);
    }
  }

  private static long bytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) << 10; // in KiB
  }
}
