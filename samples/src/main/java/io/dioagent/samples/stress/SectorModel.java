package io.dioagent.samples.stress;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the sectors of one thread's records may hold.
 *
 * <pre>
 * a write of version v      the record's sectors then may hold
 *   is issued               also v
 *   succeeds                v, and the versions of lost writes
 *   succeeds with n bytes   so the sectors in the first n bytes; the others also v
 *   fails                   as before, or v: a device may have it all the same
 *   is lost                 as before, or v, also after a later success: a stuck write may reach
 *                           the device after its caller was released
 * </pre>
 *
 * <p>The version of a lost write is allowed until the next success after {@link #nothingLeft}, that
 * is: once the runtime has nothing in flight and no buffer in use; else to the end of the run.
 *
 * <p>Each sector is held to this by itself: a device promises no more. Where there are several
 * versions, bytes of them may be mixed: in the page cache a write may fail or get stuck at any
 * byte.
 *
 * <p>Not thread-safe: owned by the thread that works on the records, and handed over with its end.
 */
final class SectorModel {
  /** In place of a version: the sector may hold anything. */
  private static final long ANYTHING = -2;

  private static final long[] NONE = {};

  private final int sectorsPerRecord;

  /** By sector: the version that it holds unless one of the record's others came over it. */
  private final long[] settled;

  /** By record: what else its sectors may hold. */
  private final Map<Integer, Others> others = new HashMap<>();

  private long forcedVersion;

  private static final class Others {
    private long[] maybe = NONE;
    private long[] lost = NONE;
  }

  /** All records may hold anything. */
  SectorModel(int records, int sectorsPerRecord) {
    this.sectorsPerRecord = sectorsPerRecord;
    settled = new long[Math.multiplyExact(records, sectorsPerRecord)];
    Arrays.fill(settled, ANYTHING);
  }

  /** The record's file is new, and it holds zeros. */
  void holdsZeros(int record) {
    settle(record, sectorsPerRecord, SectorStamp.ZEROS);
  }

  void issued(int record, long version) {
    Others its = others.computeIfAbsent(record, r -> new Others());
    its.maybe = with(its.maybe, version);
  }

  void succeeded(int record, long version, long bytes) {
    int sectors = (int) (bytes / SectorStamp.SECTOR_BYTES);
    settle(record, sectors, version);
    if (sectors < sectorsPerRecord) {
      boolean cutWithinSector = bytes % SectorStamp.SECTOR_BYTES != 0;
      if (cutWithinSector) {
        settled[record * sectorsPerRecord + sectors] = ANYTHING;
      }
      return;
    }
    Others its = others.get(record);
    its.maybe = NONE;
    if (its.lost.length == 0) {
      others.remove(record);
    }
  }

  void lost(int record, long version) {
    Others its = others.get(record);
    its.lost = with(its.lost, version);
  }

  /** No write of the past can reach the device any more. */
  void nothingLeft() {
    for (Others its : others.values()) {
      for (long version : its.lost) {
        its.maybe = with(its.maybe, version);
      }
      its.lost = NONE;
    }
  }

  /** All that was written so far has been forced. */
  void forced(long newestVersion) {
    forcedVersion = newestVersion;
  }

  /** A force failed, and no write since the last good one has promised more than to be cached. */
  void notForced() {
    for (int i = 0; i < settled.length; i++) {
      settled[i] = settled[i] > forcedVersion ? ANYTHING : settled[i];
    }
  }

  /**
   * What a sector, counted in its record, may hold: one of these versions, or a mixture. Null if it
   * may hold anything.
   */
  long[] allowed(int record, int sector) {
    long here = settled[record * sectorsPerRecord + sector];
    if (here == ANYTHING) {
      return null;
    }
    Others its = others.get(record);
    long[] allowed = {here};
    if (its != null) {
      for (long version : its.maybe) {
        allowed = with(allowed, version);
      }
      for (long version : its.lost) {
        allowed = with(allowed, version);
      }
    }
    return allowed;
  }

  /** What a sector may hold, for a message. */
  String expected(int record, int sector) {
    Others its = others.getOrDefault(record, new Others());
    return "version "
        + settled[record * sectorsPerRecord + sector]
        + (its.maybe.length > 0 ? ", or of failed writes " + Arrays.toString(its.maybe) : "")
        + (its.lost.length > 0 ? ", or of lost writes " + Arrays.toString(its.lost) : "");
  }

  private void settle(int record, int sectors, long version) {
    int first = record * sectorsPerRecord;
    Arrays.fill(settled, first, first + sectors, version);
  }

  private static long[] with(long[] versions, long version) {
    if (contains(versions, version)) {
      return versions;
    }
    long[] more = Arrays.copyOf(versions, versions.length + 1);
    more[versions.length] = version;
    return more;
  }

  private static boolean contains(long[] versions, long version) {
    for (long one : versions) {
      if (one == version) {
        return true;
      }
    }
    return false;
  }
}
