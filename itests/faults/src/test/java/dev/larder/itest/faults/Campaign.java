package dev.larder.itest.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Runs worlds of many seeds on some threads, one world at a time on each.
 *
 * <p>By hand: {@code main FIRST COUNT [THREADS]}.
 */
final class Campaign {

  private static final int MOST_FAILURES = 20;
  private static final long PATROL_MILLIS = 500;

  /** Rounds of the patrol in which a world only waited. */
  private static final int MOST_STUCK = 60;

  /** A world takes some milliseconds of processor time. */
  private static final long MOST_NANOS = 60_000_000_000L;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final AtomicLong next;
  private final long end;
  private final AtomicLong lived = new AtomicLong();
  private final AtomicLong images = new AtomicLong();
  private final AtomicLong cpuNanos = new AtomicLong();
  private final List<Failure> failures = Collections.synchronizedList(new ArrayList<>());

  /** A seed that failed. */
  record Failure(long seed, Throwable cause) {
    @Override
    public String toString() {
      return "seed " + seed + ": " + cause + "\n  replay: " + replay(seed);
    }
  }

  Campaign(long first, long count) {
    this.next = new AtomicLong(first);
    this.end = first + count;
  }

  static String replay(long seed) {
    return "./test -pl itests/faults -am -Dtest=CampaignTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dlarder.seed="
        + seed;
  }

  /** Lives the world of one seed; returns how many crash images were compared. */
  static int live(long seed, Consumer<String> trace) throws Exception {
    World world = new World(seed, trace);
    world.run();
    return world.images();
  }

  /** Runs them all, or until too many have failed. A world that hangs has failed, too. */
  void run(int threads) throws InterruptedException {
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker());
    }
    workers.forEach(Thread::start);
    while (!workers.isEmpty()) {
      Worker worker = workers.get(0);
      worker.join(PATROL_MILLIS);
      workers.stream().filter(Worker::hangs).toList().forEach(hung -> replace(workers, hung));
      workers.removeIf(each -> !each.isAlive());
    }
  }

  /** Told at once: a long campaign should not have to end for it. */
  private void fail(Failure failure) {
    failures.add(failure);
    System.out.println(failure);
  }

  private void replace(List<Worker> workers, Worker hung) {
    AssertionError cause = new AssertionError("it hangs");
    cause.setStackTrace(hung.getStackTrace());
    fail(new Failure(hung.seed, cause));
    workers.remove(hung);
    Worker another = new Worker();
    workers.add(another);
    another.start();
  }

  /** Lives one world after the other. */
  private final class Worker extends Thread {
    private volatile long seed;
    private volatile long cpuBefore;

    /** Of the one who patrols. */
    private long lastCpu;

    private int stuck;

    Worker() {
      super("worlds");
      setDaemon(true); // one that hangs must not keep the process
    }

    /** Waits for something that never comes, or works for ever: a busy machine is neither. */
    boolean hangs() {
      long cpu = THREADS.getThreadCpuTime(getId());
      State state = getState();
      boolean moves = cpu != lastCpu || state == State.RUNNABLE || state == State.NEW;
      lastCpu = cpu;
      stuck = moves ? 0 : stuck + 1;
      return isAlive() && (stuck > MOST_STUCK || cpu - cpuBefore > MOST_NANOS);
    }

    @Override
    public void run() {
      for (seed = next.getAndIncrement();
          seed < end && failures.size() < MOST_FAILURES;
          seed = next.getAndIncrement()) {
        cpuBefore = THREADS.getCurrentThreadCpuTime();
        try {
          images.addAndGet(live(seed, null));
        } catch (Exception | AssertionError e) {
          fail(new Failure(seed, e));
        }
        lived.incrementAndGet();
      }
      cpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime());
    }
  }

  /** Worlds that have ended, well or not. */
  long lived() {
    return lived.get();
  }

  /** Processor time that the worlds took, in nanoseconds. */
  long cpuNanos() {
    return cpuNanos.get();
  }

  long images() {
    return images.get();
  }

  List<Failure> failures() {
    return failures;
  }

  public static void main(String[] args) throws InterruptedException {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    Campaign campaign = new Campaign(first, count);
    long start = System.nanoTime();
    campaign.run(threads);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%d seeds, %d crash images, %d failed, %.1f s, %.0f images per second of processor time%n",
        campaign.lived(),
        campaign.images(),
        campaign.failures().size(),
        seconds,
        campaign.images() / (campaign.cpuNanos() / 1e9));
  }
}
