package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The effect of each answer of an engine on each kind of write. An answer is given to the first I/O
 * with RWF_NOWAIT, or to the first one without it.
 */
@Tag("engine")
@Tag("host")
class PieceOutcomeTest {
  /** The way of a write. */
  enum Way {
    /** Of several pieces, so that those of AIO have RWF_NOWAIT. */
    SYNC(512 << 10),
    ASYNC(8192),
    QUEUE(8192),
    PIPELINED(8192);

    private final int lengthBytes;

    Way(int lengthBytes) {
      this.lengthBytes = lengthBytes;
    }
  }

  /** The results that the engine returns, as a completion. */
  private static final Map<String, Long> ANSWERS = new java.util.LinkedHashMap<>();

  private static final long SHORT = 1;
  private static final long TOO_LONG = 2;

  static {
    for (int errno :
        new int[] {
          Errno.EAGAIN,
          Errno.EOPNOTSUPP,
          Errno.EINVAL,
          Errno.ENOSPC,
          Errno.EDQUOT,
          Errno.EFBIG,
          Errno.EIO,
          Errno.EINTR,
          Errno.ENOMEM,
          Errno.EPERM,
          6, // ENXIO
          Errno.EBADF,
          Errno.ECANCELED,
          Errno.ETIMEDOUT
        }) {
      ANSWERS.put(Errno.name(errno), (long) -errno);
    }
    ANSWERS.put("short", SHORT);
    ANSWERS.put("0", 0L);
    ANSWERS.put("more than was asked for", TOO_LONG);
  }

  /** Completions after which the write goes on, whether it had RWF_NOWAIT or not. */
  private static final Set<String> ENDED_AND_WRITTEN = Set.of("EINVAL", "EINTR", "short", "0");

  private static final Set<String> ENDED_AND_WRITTEN_IF_NOWAIT = Set.of("EAGAIN", "EOPNOTSUPP");

  /** Refusals after which the write goes on. */
  private static final Set<String> REFUSED_AND_WRITTEN =
      Set.of("EAGAIN", "EOPNOTSUPP", "EINVAL", "EINTR", "ENOMEM", "EPERM", "ECANCELED");

  /** One line of the table. */
  record Row(Way way, boolean nowait, boolean refused, String answer) {
    boolean isWritten() {
      return refused
          ? REFUSED_AND_WRITTEN.contains(answer)
          : ENDED_AND_WRITTEN.contains(answer)
              || (nowait && ENDED_AND_WRITTEN_IF_NOWAIT.contains(answer));
    }

    long value() {
      return ANSWERS.get(answer);
    }

    @Override
    public String toString() {
      return way
          + (nowait ? " with" : " without")
          + " NOWAIT, "
          + (refused ? "refused: " : "ended: ")
          + answer;
    }
  }

  static Stream<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Way way : Way.values()) {
      for (boolean nowait :
          way == Way.PIPELINED ? new boolean[] {false} : new boolean[] {true, false}) {
        for (Map.Entry<String, Long> answer : ANSWERS.entrySet()) {
          rows.add(new Row(way, nowait, false, answer.getKey()));
          if (answer.getValue() < 0) {
            rows.add(new Row(way, nowait, true, answer.getKey()));
          }
        }
      }
    }
    return rows.stream();
  }

  /** The real engine, except for one answer. */
  private static final class OneAnswer implements AioEngine {
    private final AioEngine engine;
    private final Row row;
    private boolean given;
    private int answers;

    OneAnswer(AioEngine engine, Row row) {
      this.engine = engine;
      this.row = row;
    }

    @Override
    public AioContext open(int depth) throws AioUnavailableException {
      return new Context(engine.open(depth));
    }

    @Override
    public PageCache pageCache() {
      return engine.pageCache();
    }

    /** Returns the result of an I/O: null for the kernel's own. */
    private synchronized Long answer(boolean nowait) {
      if (nowait == row.nowait() && !given) {
        given = true;
        answers++;
        return row.value();
      }
      if (nowait && !row.nowait() && !given) {
        return (long) -Errno.EAGAIN; // So that a thread that may wait continues.
      }
      return null;
    }

    synchronized int answers() {
      return answers;
    }

    private final class Context extends WrappedContext {
      private final AioContext context;
      private final Map<Long, Long> answered = new HashMap<>();
      private final Map<Long, Long> lengths = new HashMap<>();

      Context(AioContext context) {
        super(context);
        this.context = context;
      }

      @Override
      public boolean honoursNowait() {
        return context.honoursNowait();
      }

      @Override
      public boolean endsOnSubmitter() {
        return context.endsOnSubmitter();
      }

      @Override
      public int submit(Submissions batch, int first, int count) {
        int slot = batch.slot(first);
        boolean nowait = (batch.rwFlags(slot) & Linux.RWF_NOWAIT) != 0;
        Long answer = answer(nowait);
        boolean asked = nowait == row.nowait();
        if (answer != null && row.refused() && asked) {
          return (int) (long) answer;
        }
        synchronized (answered) {
          lengths.put(batch.data(slot), batch.lengthBytes(slot));
          if (answer != null) {
            answered.put(batch.data(slot), answer);
          }
        }
        int taken = super.submit(batch, first, 1);
        if (taken < 1) {
          synchronized (answered) {
            answered.remove(batch.data(slot));
          }
        }
        return taken;
      }

      @Override
      public int reap(Completions batch, int min, long timeoutNanos) {
        int came = super.reap(batch, min, timeoutNanos);
        for (int i = 0; i < came; i++) {
          long data = batch.data(i);
          synchronized (answered) {
            Long answer = answered.remove(data);
            long length = lengths.remove(data);
            if (answer != null) {
              batch.set(
                  i, data, answer == SHORT ? length / 2 : answer == TOO_LONG ? 2 * length : answer);
            }
          }
        }
        return came;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachAnswer(Row row) throws Exception {
    OneAnswer[] engine = new OneAnswer[1];
    PrintStream realError = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    try (TestRuntime test =
        new TestRuntime(
            RuntimeOptions.DEFAULT,
            real -> {
              engine[0] = new OneAnswer(real, row);
              return engine[0];
            })) {
      System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
      test.expectErrorsAtClose();
      FilePolicy policy =
          row.way() == Way.PIPELINED
              ? FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED)
              : FilePolicy.DEFAULT;
      int length = row.way().lengthBytes;
      DirectFile file = test.openWritten("f", length, policy);
      CProgram.skipUnless(file.isDirect(), "no direct I/O here: " + file.reason());
      file.context().ability().openDirect();
      byte[] bytes = TestRuntime.bytes(length, 1);
      String outcome = write(test, file, row, bytes);
      CProgram.skipUnless(
          engine[0].answers() > 0 || row.way() != Way.SYNC,
          "this engine's SYNC writes are all with RWF_NOWAIT, or all without");
      assertEquals(1, engine[0].answers(), "answers given");
      assertEquals(expected(row), outcome);
      if (row.isWritten()) {
        assertEquals(0, Arrays.compare(bytes, test.content("f")), "content");
        assertEquals(0, test.statistics().errors());
      }
      boolean impossible = row.value() == TOO_LONG;
      assertEquals(impossible ? 1 : 0, count(logged, "[dio-agent] defect"), logged::toString);
      bytes = TestRuntime.bytes(length, 2);
      assertEquals("written", write(test, file, row, bytes), "the next write");
      assertEquals(0, Arrays.compare(bytes, test.content("f")), "content");
    } finally {
      System.setErr(realError);
    }
  }

  private static int count(ByteArrayOutputStream text, String part) {
    return text.toString(StandardCharsets.UTF_8)
            .split(java.util.regex.Pattern.quote(part), -1)
            .length
        - 1;
  }

  private static String expected(Row row) {
    if (row.isWritten()) {
      return "written";
    }
    if (row.value() == TOO_LONG) {
      return row.way() == Way.QUEUE ? "Input/output error" : "a count above what was asked for";
    }
    return Errno.message((int) -row.value());
  }

  private static String write(TestRuntime test, DirectFile file, Row row, byte[] bytes)
      throws Exception {
    try {
      long written = written(test, file, row, bytes);
      return written < 0
          ? Errno.message((int) -written)
          : written == bytes.length ? "written" : written + " bytes";
    } catch (IOException e) {
      return e.getMessage().matches(".* ended with a count of \\d+, expected at most \\d+: .*")
          ? "a count above what was asked for"
          : e.getMessage();
    }
  }

  private static long written(TestRuntime test, DirectFile file, Row row, byte[] bytes)
      throws Exception {
    switch (row.way()) {
      case SYNC -> {
        return TestRuntime.write(file, bytes, 0);
      }
      case PIPELINED -> {
        long written = TestRuntime.write(file, bytes, 0);
        file.force(false);
        return written;
      }
      case ASYNC -> {
        Endings endings = new Endings();
        Endings.One one = endings.write(file, bytes, 0);
        if (one.outcome() < 0) {
          throw one.failure();
        }
        return one.bytes();
      }
      default -> {
        AtomicLong result = new AtomicLong();
        try (AlignedBuffer buffer = test.runtime.allocate(bytes.length);
            WriteQueue queue = test.runtime.newQueue(4)) {
          buffer.byteBuffer().put(0, bytes);
          queue.submit(file, buffer, bytes.length, 0, 7);
          Set<Long> ids = new HashSet<>();
          while (ids.isEmpty()) {
            queue.await(
                1,
                Duration.ofSeconds(10),
                (data, value, id) -> {
                  result.set(value);
                  ids.add(id);
                });
          }
        }
        return result.get();
      }
    }
  }
}
