package io.dioagent.bench.row;

import io.dioagent.bench.Row;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.Jdks;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.AsyncWorker;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table, row by row, with the targets of each. */
public final class Rows {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** A writer that knows nothing of alignment. */
  private static final int UNALIGNED_CHUNK_BYTES = 100_000;

  private Rows() {}

  /**
   * All rows.
   *
   * @param javaHome other JDKs are looked for beside this one
   */
  public static List<Row> all(Path javaHome) throws IOException {
    Map<Integer, Path> jdks = Jdks.beside(javaHome);
    return List.of(
        queue("runtime-4k-random", "runtime 4 KiB random, QD 32", Unit.IOPS, 4 * KIB, 32, true),
        queue("runtime-4k-seq", "runtime 4 KiB sequential, QD 32", Unit.IOPS, 4 * KIB, 32, false),
        queue(
            "runtime-64k",
            "runtime 64 KiB sequential, QD 8",
            Unit.MEGABYTES_PER_SECOND,
            64 * KIB,
            8,
            false),
        queue(
            "runtime-1m",
            "runtime 1 MiB sequential, QD 8",
            Unit.MEGABYTES_PER_SECOND,
            MIB,
            8,
            false),
        new RecordingRow(
            "recording-default",
            "runtime 4 KiB random, QD 32, JFR default on and off",
            new WriteShape(4 * KIB, 32, true),
            Recorded.DEFAULT),
        new RecordingRow(
            "recording-everything",
            "runtime 4 KiB random, QD 32, JFR dio.jfc on and off",
            new WriteShape(4 * KIB, 32, true),
            Recorded.EVERYTHING),
        new SyncRow(
            "runtime-sync-4k", "runtime 4 KiB, sync, beside JDK DIRECT", false, 4 * KIB, 0.9),
        new SyncRow("runtime-sync-1m", "runtime 1 MiB, sync, beside JDK DIRECT", false, MIB, 1.2),
        new SyncRow("channel-4k", "FileChannel 4 KiB, sync, beside JDK DIRECT", true, 4 * KIB, 0.9),
        new SyncRow("channel-1m", "FileChannel 1 MiB, sync, beside JDK DIRECT", true, MIB, 1.2),
        AsyncRow.besideJdk(
            "async-4k", "AsynchronousFileChannel 4 KiB, QD 32", AsyncWorker.Form.HANDLER),
        AsyncRow.besideFio("async-4k-fio", "AsynchronousFileChannel 4 KiB, QD 32"),
        AsyncRow.besideJdk(
            "async-4k-future",
            "AsynchronousFileChannel 4 KiB, QD 32, Futures",
            AsyncWorker.Form.FUTURE),
        AsyncRow.recorded(
            "async-recording-default",
            "AsynchronousFileChannel 4 KiB, QD 32, JFR default on and off",
            Recorded.DEFAULT),
        AsyncRow.recorded(
            "async-recording-everything",
            "AsynchronousFileChannel 4 KiB, QD 32, JFR dio.jfc on and off",
            Recorded.EVERYTHING),
        new ChannelsRow(
            "channels-10000", "FileChannel 4 KiB, sync, 10,000 channels beside one", 10_000),
        NanosRow.writeToNullDevice("untagged-write-null", "untagged write, 1 byte to /dev/null"),
        NanosRow.writeToFile("untagged-write-4k", "untagged write, 4 KiB in memory", 4 * KIB),
        NanosRow.open("untagged-open", "untagged open and close"),
        new StartUpRow(17, Optional.ofNullable(jdks.get(17))),
        new StartUpRow(25, Optional.ofNullable(jdks.get(25))),
        new StreamRow("stream-aligned", "left in page cache, 1 MiB writes", MIB),
        new StreamRow(
            "stream-unaligned", "left in page cache, 100,000 B writes", UNALIGNED_CHUNK_BYTES));
  }

  private static Row queue(
      String name, String measure, Unit unit, int ioBytes, int depth, boolean random) {
    return new QueueRow(
        name, measure + ", beside fio libaio", new WriteShape(ioBytes, depth, random), unit);
  }
}
