package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.AsyncWorker;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A plain AsynchronousFileChannel under the agent, random writes over a preallocated file, beside a
 * peer over the same file.
 *
 * @param form how the application waits for writes
 * @param recorded the subject's JFR recording
 * @param peer the peer
 * @param ratio the target: the least ratio
 */
record AsyncRow(
    String name, String measure, AsyncWorker.Form form, Recorded recorded, Peer peer, double ratio)
    implements Row {
  private static final int IO_BYTES = 4 << 10;
  private static final int DEPTH = 32;
  private static final WriteShape SHAPE = new WriteShape(IO_BYTES, DEPTH, true);
  private static final double OF_JDK = 2.5;
  private static final double OF_FIO = 0.9;
  private static final double OF_UNRECORDED = 0.98;

  /**
   * Returns a row beside the same channel with {@code ExtendedOpenOption.DIRECT}, without the
   * agent.
   */
  static AsyncRow besideJdk(String name, String measure, AsyncWorker.Form form) {
    return new AsyncRow(
        name, measure + ", beside JDK DIRECT", form, Recorded.NOTHING, Peer.JDK_DIRECT, OF_JDK);
  }

  /** Returns a row beside fio's libaio engine. */
  static AsyncRow besideFio(String name, String measure) {
    return new AsyncRow(
        name,
        measure + ", beside fio libaio",
        AsyncWorker.Form.HANDLER,
        Recorded.NOTHING,
        Peer.FIO,
        OF_FIO);
  }

  /** Returns a row with a JFR recording beside the same without. */
  static AsyncRow recorded(String name, String measure, Recorded recorded) {
    return new AsyncRow(
        name, measure, AsyncWorker.Form.HANDLER, recorded, Peer.UNRECORDED, OF_UNRECORDED);
  }

  /** The peer of the subject. */
  enum Peer {
    JDK_DIRECT {
      @Override
      double writesPerSecond(Bench bench, Path file, AsyncWorker.Form form)
          throws IOException, InterruptedException {
        return sample(bench, bench.plainFork(), file, form, true, Recorded.NOTHING);
      }
    },

    FIO {
      @Override
      double writesPerSecond(Bench bench, Path file, AsyncWorker.Form form)
          throws IOException, InterruptedException {
        return QueuePeer.FIO_LIBAIO.writesPerSecond(bench, file, SHAPE);
      }

      @Override
      Optional<String> whyNot(Bench bench) throws InterruptedException {
        return QueuePeer.FIO_LIBAIO.whyNot(bench);
      }
    },

    UNRECORDED {
      @Override
      double writesPerSecond(Bench bench, Path file, AsyncWorker.Form form)
          throws IOException, InterruptedException {
        return subject(bench, file, form, Recorded.NOTHING);
      }
    };

    abstract double writesPerSecond(Bench bench, Path file, AsyncWorker.Form form)
        throws IOException, InterruptedException;

    /** Returns why it cannot be measured; empty if it can. */
    Optional<String> whyNot(Bench bench) throws InterruptedException {
      return Optional.empty();
    }
  }

  @Override
  public Unit unit() {
    return Unit.IOPS;
  }

  @Override
  public boolean submits() {
    return peer == Peer.FIO;
  }

  @Override
  public Target target() {
    return new Target.RatioAtLeast(ratio);
  }

  @Override
  public Optional<String> whyNot(Bench bench) throws InterruptedException {
    Optional<String> noAgent = bench.whyNoAgent();
    return noAgent.isPresent() ? noAgent : peer.whyNot(bench);
  }

  @Override
  public Session open(Bench bench) throws IOException {
    return new FileSession(bench, name) {
      @Override
      public double subject() throws IOException, InterruptedException {
        return AsyncRow.subject(bench, file(), form, recorded);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return peer.writesPerSecond(bench, file(), form);
      }
    };
  }

  private static double subject(Bench bench, Path file, AsyncWorker.Form form, Recorded recorded)
      throws IOException, InterruptedException {
    return sample(
        bench, bench.taggedFork(file.toString(), "write=sync"), file, form, false, recorded);
  }

  private static double sample(
      Bench bench,
      JavaFork fork,
      Path file,
      AsyncWorker.Form form,
      boolean jdkDirect,
      Recorded recorded)
      throws IOException, InterruptedException {
    Effort effort = bench.effort();
    Map<String, Double> answers =
        fork.run(
            AsyncWorker.class,
            AsyncWorker.arguments(
                file, SHAPE, form, jdkDirect, recorded, effort.warmUp(), effort.measured()));
    Genuine.checkWritten(answers, 1);
    PageCache.checkUncached(file);
    return answers.get(Answer.WRITES_PER_SECOND);
  }
}
