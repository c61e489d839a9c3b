package io.dioagent.samples.stress;

import java.nio.ByteBuffer;

/**
 * Stamps sectors with their place and the version of the write. Thread-safe.
 *
 * <pre>
 *   0  seed of the run      all 64 bits numbers, big endian
 *   8  file
 *  16  sector in the file
 *  24  version, from 1
 *  32  60 numbers derived from those before, to detect a torn sector
 * </pre>
 */
final class SectorStamp {
  static final int SECTOR_BYTES = 512;

  /** The version of a sector of zeros, which was never written. */
  static final long ZEROS = 0;

  /** Not a version of this sector: another sector's, another run's, or a mixture. */
  static final long FOREIGN = -1;

  private static final int FILE = 8;
  private static final int SECTOR = 16;
  private static final int VERSION = 24;
  private static final int FILL = 32;

  private final long seed;

  SectorStamp(long seed) {
    this.seed = seed;
  }

  /** Writes a sector at an index of the buffer. */
  void put(ByteBuffer buffer, int at, int file, long sector, long version) {
    buffer.putLong(at, seed);
    buffer.putLong(at + FILE, file);
    buffer.putLong(at + SECTOR, sector);
    buffer.putLong(at + VERSION, version);
    long state = start(file, sector, version);
    for (int i = FILL; i < SECTOR_BYTES; i += Long.BYTES) {
      state = next(state);
      buffer.putLong(at + i, state);
    }
  }

  /**
   * Returns the version of the sector at an index of the buffer, or {@link #ZEROS} or {@link
   * #FOREIGN}.
   */
  long versionAt(ByteBuffer buffer, int at, int file, long sector) {
    long version = buffer.getLong(at + VERSION);
    if (version == 0) {
      return isZero(buffer, at) ? ZEROS : FOREIGN;
    }
    boolean same =
        version > 0
            && buffer.getLong(at) == seed
            && buffer.getLong(at + FILE) == file
            && buffer.getLong(at + SECTOR) == sector;
    long state = start(file, sector, version);
    for (int i = FILL; same && i < SECTOR_BYTES; i += Long.BYTES) {
      state = next(state);
      same = buffer.getLong(at + i) == state;
    }
    return same ? version : FOREIGN;
  }

  /**
   * Returns whether each byte of a sector is the byte of one of the versions.
   *
   * @param versions the versions; may include {@link #ZEROS}
   */
  boolean isMixture(ByteBuffer buffer, int at, int file, long sector, long[] versions) {
    ByteBuffer candidate = ByteBuffer.allocate(SECTOR_BYTES);
    boolean[] matched = new boolean[SECTOR_BYTES];
    int count = 0;
    for (long version : versions) {
      if (version == ZEROS) {
        candidate.put(0, new byte[SECTOR_BYTES]);
      } else {
        put(candidate, 0, file, sector, version);
      }
      for (int i = 0; i < SECTOR_BYTES; i++) {
        if (!matched[i] && buffer.get(at + i) == candidate.get(i)) {
          matched[i] = true;
          count++;
        }
      }
    }
    return count == SECTOR_BYTES;
  }

  private static boolean isZero(ByteBuffer buffer, int at) {
    for (int i = 0; i < SECTOR_BYTES; i += Long.BYTES) {
      if (buffer.getLong(at + i) != 0) {
        return false;
      }
    }
    return true;
  }

  private long start(int file, long sector, long version) {
    return next(next(next(seed + file) + sector) + version);
  }

  /** A bijection that spreads every bit (the finalizer of SplittableRandom). */
  private static long next(long state) {
    long z = state + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
