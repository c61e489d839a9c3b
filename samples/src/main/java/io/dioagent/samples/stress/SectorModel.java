package io.dioagent.samples.stress;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Models which versions the sectors of one thread's records may hold.
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
 * <p>The version of a lost write is allowed until the next success after {@link #nothingLeft}. That
 * is called when the runtime has nothing in flight and no buffer in use. Without that call it is
 * allowed to the end of the run.
 *
 * <p>Each sector is checked by itself, because a device does not promise more. If several versions
 * are allowed, their bytes may be mixed: in the page cache a write may fail or get stuck at any
 * byte.
 *
 * <p>Not thread-safe: owned by the thread that works on the records, and passed on when it ends.
 */
final class SectorModel {
  /** Instead of a version: the sector may hold anything. */
  private static final long ANYTHING = -2;

  private static final long[] NONE = {};

  private final int sectorsPerRecord;

  /** By sector: the version that it holds unless another one of the record has overwritten it. */
  private final long[] settled;

  /** By record: the other versions that its sectors may hold. */
  private final Map<Integer, Others> others = new HashMap<>();

  private long forcedVersion;

  private static final class Others {
    private long[] maybe = NONE;
    private long[] lost = NONE;
  }

  /** Makes a model in which all records may hold anything. */
  SectorModel(int records, int sectorsPerRecord) {
    this.sectorsPerRecord = sectorsPerRecord;
    settled = new long[Math.multiplyExact(records, sectorsPerRecord)];
    Arrays.fill(settled, ANYTHING);
  }

  /** Records that the record's file is new, and holds zeros. */
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

  /** Records that no past write can reach the device any more. */
  void nothingLeft() {
    for (Others its : others.values()) {
      for (long version : its.lost) {
        its.maybe = with(its.maybe, version);
      }
      its.lost = NONE;
    }
  }

  /** Records that all writes so far have been forced. */
  void forced(long newestVersion) {
    forcedVersion = newestVersion;
  }

  /** Records a failed force: writes since the last successful force may be lost. */
  void notForced() {
    for (int i = 0; i < settled.length; i++) {
      settled[i] = settled[i] > forcedVersion ? ANYTHING : settled[i];
    }
  }

  /**
   * Returns the allowed versions of a sector of a record; a mixture is allowed, too. Null if it may
   * hold anything.
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

  /** Describes the allowed versions of a sector, for a message. */
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
