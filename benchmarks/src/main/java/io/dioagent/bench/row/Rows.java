package io.dioagent.bench.row;

import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.Jdks;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.AsyncWorker;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rows of the table, with their targets. */
public final class Rows {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** The chunk of a writer without alignment. */
  private static final int UNALIGNED_CHUNK_BYTES = 100_000;

  /** The pattern of a database. */
  private static final WriteShape SMALL_RANDOM = new WriteShape(4 * KIB, 32, true);

  private Rows() {}

  /**
   * Returns all rows.
   *
   * @param javaHome a JDK; other JDKs are searched beside it
   */
  public static List<Row> all(Path javaHome) throws IOException {
    Map<Integer, Path> jdks = Jdks.beside(javaHome);
    List<Row> rows = new ArrayList<>();
    addQueues(rows, QueuePeer.FIO_LIBAIO, "fio libaio", "", new Target.RatioAtLeast(1));
    addQueues(rows, QueuePeer.FIO_IO_URING, "fio io_uring", "-uring", new Target.None());
    addArtemis(rows);
    addRecordings(rows);
    addSync(rows);
    addAsync(rows);
    rows.add(
        new ChannelsRow(
            "channels-10000", "FileChannel 4 KiB, sync, 10,000 channels beside one", 10_000));
    addPipelined(rows, "over", false, "preallocated");
    addPipelined(rows, "grow", true, "growing");
    rows.addAll(BehindRows.all());
    addLuceneStreams(rows);
    addPageCache(rows);
    addUntagged(rows);
    rows.add(new StartUpRow(17, Optional.ofNullable(jdks.get(17))));
    rows.add(new StartUpRow(25, Optional.ofNullable(jdks.get(25))));
    return List.copyOf(rows);
  }

  private static void addQueues(
      List<Row> rows, QueuePeer peer, String beside, String suffix, Target target) {
    rows.add(
        new QueueRow(
            "runtime-4k-random" + suffix,
            "runtime 4 KiB random, QD 32, beside " + beside,
            SMALL_RANDOM,
            Unit.IOPS,
            peer,
            target));
    rows.add(
        new QueueRow(
            "runtime-4k-seq" + suffix,
            "runtime 4 KiB sequential, QD 32, beside " + beside,
            new WriteShape(4 * KIB, 32, false),
            Unit.IOPS,
            peer,
            target));
    rows.add(
        new QueueRow(
            "runtime-64k" + suffix,
            "runtime 64 KiB sequential, QD 8, beside " + beside,
            new WriteShape(64 * KIB, 8, false),
            Unit.MEGABYTES_PER_SECOND,
            peer,
            target));
    rows.add(
        new QueueRow(
            "runtime-1m" + suffix,
            "runtime 1 MiB sequential, QD 8, beside " + beside,
            new WriteShape(MIB, 8, false),
            Unit.MEGABYTES_PER_SECOND,
            peer,
            target));
  }

  private static void addArtemis(List<Row> rows) {
    rows.add(
        new QueueRow(
            "runtime-4k-random-artemis",
            "runtime 4 KiB random, QD 32, beside Artemis libaio",
            SMALL_RANDOM,
            Unit.IOPS,
            QueuePeer.ARTEMIS,
            new Target.None()));
    rows.add(
        new QueueRow(
            "runtime-64k-random-artemis",
            "runtime 64 KiB random, QD 8, beside Artemis libaio",
            new WriteShape(64 * KIB, 8, true),
            Unit.MEGABYTES_PER_SECOND,
            QueuePeer.ARTEMIS,
            new Target.None()));
  }

  private static void addRecordings(List<Row> rows) {
    rows.add(
        new RecordingRow(
            "recording-default",
            "runtime 4 KiB random, QD 32, JFR default on and off",
            SMALL_RANDOM,
            Recorded.DEFAULT));
    rows.add(
        new RecordingRow(
            "recording-everything",
            "runtime 4 KiB random, QD 32, JFR dio.jfc on and off",
            SMALL_RANDOM,
            Recorded.EVERYTHING));
  }

  private static void addSync(List<Row> rows) {
    Target small = new Target.RatioAtLeast(0.9);
    Target large = new Target.RatioAtLeast(1.2);
    Target none = new Target.None();
    Optional<AgentMode> runtime = Optional.empty();
    Optional<AgentMode> agent = Optional.of(AgentMode.SYNC);
    Optional<AgentMode> reporting = Optional.of(AgentMode.REPORTING);
    rows.add(sync("runtime-sync-4k", "runtime 4 KiB, sync", runtime, 4 * KIB, small));
    rows.add(sync("runtime-sync-1m", "runtime 1 MiB, sync", runtime, MIB, large));
    rows.add(sync("channel-4k", "FileChannel 4 KiB, sync", agent, 4 * KIB, small));
    rows.add(sync("channel-1m", "FileChannel 1 MiB, sync", agent, MIB, large));
    rows.add(
        sync("channel-4k-report", "FileChannel 4 KiB, on-lost=report", reporting, 4 * KIB, none));
    rows.add(sync("channel-1m-report", "FileChannel 1 MiB, on-lost=report", reporting, MIB, none));
  }

  private static Row sync(
      String name, String measure, Optional<AgentMode> mode, int ioBytes, Target target) {
    return new SyncRow(name, measure + ", beside JDK DIRECT", mode, ioBytes, target);
  }

  private static void addAsync(List<Row> rows) {
    String measure = "AsynchronousFileChannel 4 KiB random, QD 32";
    rows.add(AsyncRow.besideJdk("async-4k", measure, AsyncWorker.Form.HANDLER));
    rows.add(AsyncRow.besideFio("async-4k-fio", measure));
    rows.add(AsyncRow.besideJdk("async-4k-future", measure + ", Futures", AsyncWorker.Form.FUTURE));
    rows.add(
        AsyncRow.recorded(
            "async-recording-default", measure + ", JFR default on and off", Recorded.DEFAULT));
    rows.add(
        AsyncRow.recorded(
            "async-recording-everything",
            measure + ", JFR dio.jfc on and off",
            Recorded.EVERYTHING));
  }

  private static void addPipelined(
      List<Row> rows, String suffix, boolean growing, String description) {
    String name = "pipelined-" + suffix;
    String measure = "pipelined 8 KiB + force, " + description + ", beside ";
    rows.add(
        new PipelinedRow(
            name + "-direct", measure + "JDK DIRECT", growing, PipelinedRow.Peer.JDK_DIRECT));
    rows.add(
        new PipelinedRow(
            name + "-buffered", measure + "JDK buffered", growing, PipelinedRow.Peer.JDK_BUFFERED));
    rows.add(
        new PipelinedRow(
            name + "-fio", measure + "fio 1 MiB, QD 8", growing, PipelinedRow.Peer.FIO_1M));
  }

  private static void addLuceneStreams(List<Row> rows) {
    rows.add(
        new LuceneStreamRow(
            "lucene-stream-sync", "Lucene output, sync, beside DirectIODirectory", AgentMode.SYNC));
    rows.add(
        new LuceneStreamRow(
            "lucene-stream-pipelined",
            "Lucene output, pipelined, beside DirectIODirectory",
            AgentMode.PIPELINED));
  }

  private static void addPageCache(List<Row> rows) {
    for (AgentMode mode : List.of(AgentMode.SYNC, AgentMode.PIPELINED)) {
      String how = mode.name().toLowerCase(Locale.ROOT);
      rows.add(
          new StreamRow(
              "cache-aligned-" + how, "left in page cache, 1 MiB writes, " + how, mode, MIB));
      rows.add(
          new StreamRow(
              "cache-unaligned-" + how,
              "left in page cache, 100,000 B writes, " + how,
              mode,
              UNALIGNED_CHUNK_BYTES));
      rows.add(
          new LuceneIndexRow("cache-lucene-" + how, "left in page cache, Lucene, " + how, mode));
    }
  }

  private static void addUntagged(List<Row> rows) {
    rows.add(
        NanosRow.writeToNullDevice("untagged-write-null", "untagged write, 1 byte to /dev/null"));
    rows.add(NanosRow.writeToFile("untagged-write-4k", "untagged write, 4 KiB in memory", 4 * KIB));
    rows.add(NanosRow.open("untagged-open", "untagged open and close"));
    rows.add(
        NanosRow.observedWrite(
            "observe-write-4k", "observed write, 4 KiB through the page cache", 4 * KIB));
    rows.add(NanosRow.taggedByte("tagged-byte-write", "tagged FileOutputStream.write(int)"));
  }
}
