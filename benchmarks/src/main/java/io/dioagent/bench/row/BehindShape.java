package io.dioagent.bench.row;

import io.dioagent.bench.Effort;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.io.StreamWay;

/**
 * A new file that is written through the page cache.
 *
 * @param way the API
 * @param chunkBytes bytes per write
 * @param fullBytes the measured bytes of a full run
 * @param forced whether to force at the end
 * @param warmed whether another file has just freed the memory for this one
 */
record BehindShape(StreamWay way, int chunkBytes, long fullBytes, boolean forced, boolean warmed) {

  /** Returns the shape of a file that is only closed. */
  static BehindShape closed(StreamWay way, int chunkBytes, long fullBytes) {
    return new BehindShape(way, chunkBytes, fullBytes, false, false);
  }

  /** Returns the shape of a FileChannel's file that is forced at the end. */
  static BehindShape forced(int chunkBytes, long fullBytes) {
    return new BehindShape(StreamWay.CHANNEL, chunkBytes, fullBytes, true, false);
  }

  /** Returns the shape of a FileChannel's file in memory that another file has just freed. */
  static BehindShape burst(int chunkBytes, long fullBytes) {
    return new BehindShape(StreamWay.CHANNEL, chunkBytes, fullBytes, false, true);
  }

  StreamShape stream(Effort effort) {
    return StreamShape.measuring(way, chunkBytes, effort.scaled(fullBytes), forced);
  }
}
