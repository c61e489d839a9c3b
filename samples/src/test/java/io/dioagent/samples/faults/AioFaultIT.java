package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import java.nio.file.Path;
import java.time.Duration;

/** A kernel without AIO, at its limits, or one that lies about it (LD_PRELOAD over syscall(2)). */
class AioFaultIT {
  private static final int WRITE = 64 << 10;
  private static final int FILE = 1 << 20;

  /**
   * The completion with the false result; not the first, which the runtime may use to probe the
   * file.
   */
  private static final int VICTIM = 5;

  private static Path file(Run run) {
    return Disk.zeros(run.work().resolve("f"), FILE);
  }

  private static void write(Application application) {
    for (int at = 0; at < FILE; at += WRITE) {
      application.await(application.write(at, WRITE));
    }
  }

  /** Asserts direct writes with pwrite. */
  private static void refused(Layer layer, Run run, int errno) throws Exception {
    Path file = file(run);
    Application application =
        run.start(run.application(layer, file).under(Natives.path("noaio"), errno));
    write(application);
    Recorded recorded = run.end(application);
    assertEquals(FILE / WRITE, run.account().completed());
    assertEquals(FILE, recorded.statistics().getLong("directBytes"));
    assertEquals(0, recorded.statistics().getLong("bufferedBytes"));
    assertEquals(0, recorded.count("BufferedFallback"));
    Model.check(file, FILE, application.requests());
  }

  @Fault("AIO missing: io_setup says ENOSYS (seccomp)")
  void missing(Layer layer, Run run) throws Exception {
    refused(layer, run, Errno.ENOSYS);
  }

  /** Uses seccomp, because aio-max-nr applies to the whole machine. */
  @Fault("AIO limits: io_setup says EAGAIN, as when fs.aio-max-nr is used up")
  void usedUp(Layer layer, Run run) throws Exception {
    refused(layer, run, Errno.EAGAIN);
  }

  private static Application liar(Layer layer, Run run, String how) {
    return run.start(
        run.application(layer, file(run))
            .deadline(Duration.ofSeconds(1))
            .environment("LD_PRELOAD=" + Natives.path("liar.so"))
            .environment("LIAR=" + how)
            .environment("VICTIM=" + VICTIM));
  }

  private static void allWell(Layer layer, Run run, String how) throws Exception {
    Application application = liar(layer, run, how);
    write(application);
    Recorded recorded = run.end(application);
    assertEquals(FILE / WRITE, run.account().completed());
    assertEquals(FILE, recorded.statistics().getLong("directBytes"));
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }

  @Fault("AIO limits: io_submit takes one of a batch")
  void partial(Layer layer, Run run) throws Exception {
    allWell(layer, run, "partial");
  }

  @Fault("AIO limits: io_submit says EAGAIN every other time")
  void eagain(Layer layer, Run run) throws Exception {
    allWell(layer, run, "eagain");
  }

  @Fault("lying kernel: a short result that was none")
  void shortResult(Layer layer, Run run) throws Exception {
    allWell(layer, run, "short");
  }

  @Fault("lying kernel: an error that was none")
  void error(Layer layer, Run run) throws Exception {
    Application application = liar(layer, run, "error");
    write(application);
    run.end(application);
    assertEquals(1, run.account().failed());
    assertEquals("1 x Input/output error", run.outcome());
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }

  @Fault("lying kernel: a completion twice")
  void duplicate(Layer layer, Run run) throws Exception {
    Application application = liar(layer, run, "duplicate");
    write(application);
    assertEquals(1, run.endAnyhow(application).count("DuplicateCompletion"));
    assertEquals(FILE / WRITE, run.account().completed());
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }

  @Fault("lying kernel: a completion without a request")
  void foreign(Layer layer, Run run) throws Exception {
    Application application = liar(layer, run, "foreign");
    write(application);
    assertEquals(1, run.endAnyhow(application).count("UnknownCompletion"));
    assertEquals(FILE / WRITE, run.account().completed());
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }

  @Fault("lying kernel: a completion 3 s late")
  void late(Layer layer, Run run) throws Exception {
    Application application = liar(layer, run, "late");
    write(application);
    Recorded recorded = run.end(application);
    assertEquals(1, run.account().overdue());
    assertEquals(1, recorded.count("LateCompletion"));
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }

  /** The kernel may still read the buffer, so that it is never reused. */
  @Fault("lying kernel: a completion that never comes")
  void lost(Layer layer, Run run) throws Exception {
    Application application = liar(layer, run, "lose");
    write(application);
    Recorded recorded = run.endAnyhow(application);
    assertEquals(1, run.account().overdue());
    assertEquals(1, recorded.count("LostCompletion"));
    assertEquals(0, recorded.count("LateCompletion"));
    assertTrue(recorded.statistics().getLong("quarantinedBytes") >= WRITE);
    assertTrue(recorded.statistics().getLong("quarantinedBytes") < 2 * WRITE);
    Model.check(run.work().resolve("f"), FILE, application.requests());
  }
}
