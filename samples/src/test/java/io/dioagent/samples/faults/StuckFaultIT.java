package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.samples.rules.Judged;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * I/O that does not end. Every caller has to return within its deadline and a second, and others
 * have to be served meanwhile. After the release, everything has to be usable again.
 */
class StuckFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int FILE = 8 << 20;
  private static final int THREADS = 64;
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /**
   * Limits the delay past the deadline; past it, the test fails. Generous, so that a busy machine
   * does not count as a hang.
   */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /**
   * An application with a file on a disk that gets stuck, one on another disk, and an untagged one.
   */
  private record Scene(
      Run run, Disk disk, Path stuck, Path other, Path untagged, Application application) {

    static Scene set(Run run, Layer layer, FileSystem type) {
      Disk disk = run.disk(type);
      Path stuck = disk.file("f", FILE);
      Path other = Disk.zeros(run.work().resolve("other"), FILE);
      Path untagged = Disk.zeros(run.work().resolve("untagged"), FILE);
      Application.Builder how = run.application(layer, stuck).also(other).deadline(DEADLINE);
      if (layer == Layer.AGENT) {
        how.alsoUntagged(untagged);
      }
      return new Scene(run, disk, stuck, other, untagged, run.start(how));
    }

    List<Request> writeStuck(int count, int lengthBytes) {
      List<Request> requests = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        requests.add(application.write((long) i * lengthBytes % FILE, lengthBytes));
      }
      return requests;
    }

    /** Asserts writes to another device and an untagged file while the disk is stuck. */
    void assertOthersServed() {
      int files = application.layer() == Layer.AGENT ? 3 : 2;
      for (int file = 1; file < files; file++) {
        for (int i = 0; i < 8; i++) {
          Request request = application.write(file, (long) i * WRITE, WRITE);
          assertEquals(WRITE, application.await(request).result(), "" + request);
        }
      }
    }

    /** Asserts that the status command prints the requests in flight while the disk is stuck. */
    void assertStatusShows(int count) {
      if (application.layer() != Layer.AGENT) {
        return;
      }
      String status =
          Command.run(
              Application.java(), "-jar", Application.agentJar(), "status", application.pid());
      assertTrue(status.contains("\n" + count + " in flight, "), status);
      assertTrue(status.contains("write of " + WRITE + " bytes at "), status);
      assertTrue(status.contains(" of " + stuck + ", device "), status);
    }

    void assertBackInTime(List<Request> requests) {
      application.awaitAll();
      for (Request request : requests) {
        Ending ending = request.ending();
        assertTrue(ending.failed(), "" + request);
        assertTrue(ending.age().compareTo(DEADLINE) >= 0, "" + request);
        assertTrue(ending.age().compareTo(DEADLINE.plus(GRACE)) < 0, "" + request);
        if (application.layer() != Layer.QUEUE) {
          String what = request.lengthBytes() + " bytes at " + request.offset() + " of " + stuck;
          assertTrue(ending.error().contains(what), ending.error());
          assertTrue(
              ending.error().contains("deadline " + DEADLINE.toMillis() + " ms"), ending.error());
        }
      }
    }

    /**
     * Asserts after the release that nothing is in flight, no late completion was delivered, and
     * all can be written.
     */
    Recorded assertUsableAgain(int lost) throws IOException {
      Recorded settled = application.settled();
      for (RecordedEvent late : settled.events("LateCompletion")) {
        assertFalse(late.getBoolean("delivered"), "" + late);
      }
      for (int at = 0; at < FILE; at += 1 << 20) {
        application.write(at, 1 << 20);
      }
      application.awaitAll();
      application.requests().stream()
          .filter(request -> request.lengthBytes() == 1 << 20)
          .skip(
              Math.max(
                  0,
                  application.requests().stream().filter(r -> r.lengthBytes() == 1 << 20).count()
                      - FILE / (1 << 20)))
          .forEach(request -> assertEquals(1 << 20, request.ending().result(), "" + request));
      assertFalse(application.await(application.force()).failed());
      Recorded recorded = run.end(application);
      assertEquals(lost, recorded.count("LostCompletion"));
      disk.remount();
      Model.check(stuck, FILE, application.requests(), 0);
      Model.check(other, FILE, application.requests(), 1);
      if (application.layer() == Layer.AGENT) {
        Model.check(untagged, FILE, application.requests(), 2);
      }
      return recorded;
    }
  }

  @Fault("stuck device: 4 writes held past the deadline, then released")
  void heldAndReleased(Layer layer, Run run) throws Exception {
    Scene scene = Scene.set(run, layer, FileSystem.EXT4);
    scene.disk.holdWrites(scene.stuck, Range.of(0, 4 * WRITE));
    List<Request> held = scene.writeStuck(4, WRITE);
    Request free = scene.application.write(8 * WRITE, WRITE);
    assertEquals(WRITE, scene.application.await(free).result());
    scene.assertStatusShows(4);
    scene.assertOthersServed();
    scene.assertBackInTime(held);
    String who = "4 requests never ended: " + scene.stuck + " at offset ";
    scene.application.recorded().judged().assertFinds("LostCompletions", Severity.WARNING, who);
    scene.disk.release();
    Recorded recorded = scene.assertUsableAgain(4);
    assertEquals(4, recorded.count("LateCompletion"));
    Judged judged = recorded.judged();
    judged.assertFinds("LostCompletions", Severity.OK, "All that passed their deadline ended");
    judged.assertFinds("LateCompletions", Severity.WARNING, "4 requests ended after", "device");
  }

  @Fault("stuck device: 64 threads with 1 MiB each, all of the buffer memory")
  void manyLargeHeld(Layer layer, Run run) throws Exception {
    Scene scene = Scene.set(run, layer, FileSystem.XFS);
    scene.disk.holdWrites(scene.stuck, Range.of(0, FILE));
    // An application takes the buffers of a queue before a device is known.
    int count = layer == Layer.QUEUE ? THREADS / 2 : THREADS;
    List<Request> held = scene.writeStuck(count, 1 << 20);
    scene.assertOthersServed();
    scene.assertBackInTime(held);
    scene.assertOthersServed();
    scene.disk.release();
    scene.assertUsableAgain(count);
  }

  @Fault("stuck queue: io_submit blocked, 64 writers on a device of 4 tags")
  void moreThanTags(Layer layer, Run run) throws Exception {
    skipQueue(layer);
    Scene scene = Scene.set(run, layer, FileSystem.EXT4);
    scene.disk.loop().setTags(4);
    scene.disk.holdWrites(scene.stuck, Range.of(0, FILE));
    List<Request> held = scene.writeStuck(THREADS, WRITE);
    Wait.until(
        () ->
            scene.application.kernelStacks().stream()
                .anyMatch(stack -> stack.contains("blk_mq_get_tag")),
        () -> "no thread is stuck inside io_submit, waiting for a tag");
    scene.assertOthersServed();
    scene.assertBackInTime(held);
    scene.assertOthersServed();
    scene.disk.release();
    Judged judged = scene.assertUsableAgain(THREADS).judged();
    judged.assertFinds("SubmissionStalls", Severity.WARNING, "held up for", "" + scene.stuck);
  }

  @Fault("stuck queue: file system frozen (fsfreeze), ext4")
  void frozenExt4(Layer layer, Run run) throws Exception {
    frozen(layer, run, FileSystem.EXT4);
  }

  @Fault("stuck queue: file system frozen (fsfreeze), xfs")
  void frozenXfs(Layer layer, Run run) throws Exception {
    frozen(layer, run, FileSystem.XFS);
  }

  private static void skipQueue(Layer layer) {
    Run.skipUnless(
        layer != Layer.QUEUE || Layer.engine() == EngineKind.PWRITE,
        "a WriteQueue submits on its caller's thread, which io_submit holds in spite of RWF_NOWAIT");
  }

  private static void frozen(Layer layer, Run run, FileSystem type) throws Exception {
    skipQueue(layer);
    Scene scene = Scene.set(run, layer, type);
    Freeze freeze = run.own(new Freeze(scene.disk.mount().path()));
    List<Request> held = scene.writeStuck(THREADS, WRITE);
    scene.assertStatusShows(THREADS);
    scene.assertOthersServed();
    scene.assertBackInTime(held);
    freeze.release();
    scene.assertUsableAgain(THREADS);
  }

  /** The late completion is an error, and is not delivered either. */
  @Fault("stuck device: held past the deadline, then its FUSE server killed")
  void heldAndKilled(Layer layer, Run run) throws Exception {
    Scene scene = Scene.set(run, layer, FileSystem.EXT4);
    scene.disk.holdWrites(scene.stuck, Range.of(0, 4 * WRITE));
    List<Request> held = scene.writeStuck(4, WRITE);
    scene.assertBackInTime(held);
    scene.disk.faults().kill();
    Recorded recorded = scene.application.settled();
    assertEquals(4, recorded.count("LateCompletion"));
    for (RecordedEvent late : recorded.events("LateCompletion")) {
      assertFalse(late.getBoolean("delivered"));
      assertEquals("EIO", late.getString("errnoName"));
    }
    scene.assertOthersServed();
    run.end(scene.application);
  }
}
