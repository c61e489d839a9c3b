package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

/**
 * Another process writes the same range through the page cache. How often the kernel cannot drop a
 * page is random; the events are compared with the results.
 */
class PageCacheFaultIT {
  private static final int FILE = 64 << 10;
  private static final int WRITES = 100;
  private static final int ENOUGH = 5;

  private static Recorded collide(Layer layer, Run run, String policy, Neighbour.Way way) {
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", FILE);
    Application application = run.start(run.application(layer, file).onCollision(policy));
    Neighbour neighbour = run.own(new Neighbour(file, way));
    int failed = 0;
    for (int i = 0; i < WRITES && failed < ENOUGH; i++) {
      failed += application.await(application.write(0, FILE)).failed() ? 1 : 0;
    }
    neighbour.close();
    application.force();
    return run.end(application);
  }

  /** Asserts full writes and no error except EIO from the next force. */
  private static void reported(Layer layer, Run run, Neighbour.Way way) {
    Recorded recorded = collide(layer, run, "report", way);
    int forceFailed = run.account().failed();
    assertTrue(forceFailed <= 1, run.outcome());
    assertEquals(0, recorded.count("CompletionError"));
    run.note(recorded.count("PageCacheCollision") + " collisions recorded");
  }

  @Fault("page cache: mapped writer beside the direct one, on-collision=report")
  void mappedReported(Layer layer, Run run) {
    reported(layer, run, Neighbour.Way.MAPPED);
  }

  @Fault("page cache: buffered writer beside the direct one, on-collision=report")
  void bufferedReported(Layer layer, Run run) {
    reported(layer, run, Neighbour.Way.BUFFERED);
  }

  @Fault("page cache: mapped writer beside the direct one, on-collision=fail")
  void mappedFailing(Layer layer, Run run) {
    Recorded recorded = collide(layer, run, "fail", Neighbour.Way.MAPPED);
    int collisions = recorded.count("PageCacheCollision");
    assertEquals(collisions, recorded.count("CompletionError"));
    // The force after them may fail, too.
    int failed = run.account().failed();
    assertTrue(failed == collisions || failed == collisions + 1, run.outcome());
    run.note(collisions + " collisions recorded");
  }
}
