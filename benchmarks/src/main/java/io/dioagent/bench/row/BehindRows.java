package io.dioagent.bench.row;

import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.io.StreamWay;
import java.util.List;

/** The rows of {@code write=behind}, with their targets. */
final class BehindRows {
  private static final int LINE_BYTES = 100;
  private static final int PAGE_BYTES = 8000;
  private static final int LARGE_BYTES = 1 << 20;
  private static final long SMALL_FILE_BYTES = 32L << 20;
  private static final long FILE_BYTES = 256L << 20;
  private static final long LARGE_FILE_BYTES = 1L << 30;
  private static final long LONG_FILE_BYTES = 8L << 30;
  private static final double LINES_RATIO = 0.9;
  private static final double PAGES_RATIO = 0.8;
  private static final double LARGE_BURST_RATIO = 0.6;
  private static final double LONG_RATIO = 2;
  private static final double LONG_RATIO_TO_FIO = 1.5;

  private BehindRows() {}

  static List<Row> all() {
    return List.of(
        row(
            "behind-burst-8000",
            "FileChannel 8,000 B, burst of 256 MiB",
            BehindShape.burst(PAGE_BYTES, FILE_BYTES),
            PAGES_RATIO),
        row(
            "behind-force-8000",
            "FileChannel 8,000 B, 256 MiB + force",
            BehindShape.forced(PAGE_BYTES, FILE_BYTES),
            PAGES_RATIO),
        row(
            "behind-channel-100",
            "FileChannel 100 B, 32 MiB",
            BehindShape.closed(StreamWay.CHANNEL, LINE_BYTES, SMALL_FILE_BYTES),
            LINES_RATIO),
        row(
            "behind-append-8000",
            "APPEND 8,000 B, 256 MiB",
            BehindShape.closed(StreamWay.APPEND, PAGE_BYTES, FILE_BYTES),
            PAGES_RATIO),
        row(
            "behind-append-100",
            "APPEND 100 B, 32 MiB",
            BehindShape.closed(StreamWay.APPEND, LINE_BYTES, SMALL_FILE_BYTES),
            LINES_RATIO),
        row(
            "behind-buffered-100",
            "BufferedOutputStream 100 B, 256 MiB",
            BehindShape.closed(StreamWay.BUFFERED_STREAM, LINE_BYTES, FILE_BYTES),
            PAGES_RATIO),
        row(
            "behind-stream-8000",
            "FileOutputStream 8,000 B, 256 MiB",
            BehindShape.closed(StreamWay.STREAM, PAGE_BYTES, FILE_BYTES),
            PAGES_RATIO),
        row(
            "behind-burst-1m",
            "FileChannel 1 MiB, burst of 1 GiB",
            BehindShape.burst(LARGE_BYTES, LARGE_FILE_BYTES),
            LARGE_BURST_RATIO),
        row(
            "behind-log-100",
            "RandomAccessFile 100 B (a log), 32 MiB",
            BehindShape.closed(StreamWay.RANDOM_ACCESS, LINE_BYTES, SMALL_FILE_BYTES),
            LINES_RATIO),
        longRow("8000", "8,000 B", PAGE_BYTES, false),
        longRow("8000-fio", "8,000 B", PAGE_BYTES, true),
        longRow("1m", "1 MiB", LARGE_BYTES, false),
        longRow("1m-fio", "1 MiB", LARGE_BYTES, true),
        new BehindCacheRow(
            "behind-cache-left",
            "left in page cache a second after close, behind",
            BehindCacheRow.Figure.LEFT),
        new BehindCacheRow(
            "behind-cache-most",
            "most in page cache, of the bound on it, behind",
            BehindCacheRow.Figure.MOST));
  }

  private static Row row(String name, String measure, BehindShape shape, double ratio) {
    return new BehindRow(
        name,
        "behind: " + measure + ", beside JDK buffered",
        shape,
        false,
        new Target.RatioAtLeast(ratio));
  }

  private static Row longRow(String suffix, String chunk, int chunkBytes, boolean besideFio) {
    return new BehindRow(
        "behind-long-" + suffix,
        "behind: %s, 8 GiB + force, beside %s"
            .formatted(chunk, besideFio ? "fio 1 MiB, QD 8" : "JDK buffered"),
        BehindShape.forced(chunkBytes, LONG_FILE_BYTES),
        besideFio,
        new Target.RatioAtLeast(besideFio ? LONG_RATIO_TO_FIO : LONG_RATIO));
  }
}
