package io.dioagent.bench.io;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Queries and evicts the cached pages of files. */
public final class PageCache {
  private static final long WINDOW_BYTES = 1L << 30;
  private static final int PAGE_BYTES = 4096;
  private static final int READ_ONLY = 0;
  private static final int DONT_NEED = 4;

  /** Limits the cached share of a direct file; past it, {@link #checkUncached} fails. */
  private static final double DIRECT_RESIDENT_PERCENT = 1;

  private PageCache() {}

  /** The number of cachestat(2), on each architecture. */
  private static final long CACHESTAT = 451;

  private static final String ROOT_DIRECTORY = "/";

  /** mincore(2), posix_fadvise(2), open(2), close(2), and system calls by their numbers. */
  private interface LibC extends Library {
    LibC INSTANCE = Native.load("c", LibC.class);

    int mincore(Pointer address, NativeLong length, byte[] residency) throws LastErrorException;

    int open(String path, int flags) throws LastErrorException;

    int close(int descriptor) throws LastErrorException;

    /** Returns its error number. */
    int posix_fadvise(int descriptor, long offset, long length, int advice);

    long syscall(long number, Object... arguments) throws LastErrorException;
  }

  /** Returns the cached share of the file's pages, 0 to 100. */
  public static double residentPercent(Path file) throws IOException {
    return residentPercent(List.of(file));
  }

  /** Returns the cached share of all the files' pages, 0 to 100. */
  public static double residentPercent(List<Path> files) throws IOException {
    long pages = 0;
    long resident = 0;
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = channel.size();
        for (long start = 0; start < size; start += WINDOW_BYTES) {
          byte[] residency = residency(channel, start, Math.min(WINDOW_BYTES, size - start));
          pages += residency.length;
          for (byte page : residency) {
            resident += page & 1;
          }
        }
      }
    }
    if (pages == 0) {
      throw new IOException("empty: " + files);
    }
    return 100.0 * resident / pages;
  }

  /** Returns why {@link #cachedBytes} does not work here; empty if it does. */
  public static Optional<String> whyNoCount() {
    try {
      int descriptor = open(Path.of(ROOT_DIRECTORY));
      try {
        cachedBytes(descriptor);
        return Optional.empty();
      } finally {
        close(descriptor);
      }
    } catch (LastErrorException e) {
      return Optional.of("no cachestat(2), Linux 6.5 or later has it: " + e.getMessage());
    }
  }

  /** Opens a file for reading, without the JDK's classes, which an agent may have changed. */
  static int open(Path file) {
    return LibC.INSTANCE.open(file.toString(), READ_ONLY);
  }

  static void close(int descriptor) {
    LibC.INSTANCE.close(descriptor);
  }

  /** Returns the bytes in the cached pages of an open file. */
  static long cachedBytes(int descriptor) {
    // struct cachestat_range { __u64 off, len; }: all zero for the whole file.
    // struct cachestat { __u64 nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted; }
    try (Memory range = new Memory(2 * Long.BYTES);
        Memory counts = new Memory(5 * Long.BYTES)) {
      range.clear();
      LibC.INSTANCE.syscall(CACHESTAT, descriptor, range, counts, 0);
      return counts.getLong(0) * PAGE_BYTES;
    }
  }

  /** Checks that a file was written past the page cache. */
  public static void checkUncached(Path file) throws IOException {
    double resident = residentPercent(file);
    if (resident > DIRECT_RESIDENT_PERCENT) {
      throw new IOException(
          "not direct: %.1f%% of the file is in the page cache".formatted(resident));
    }
  }

  /** Drops the file's pages from the page cache, except dirty ones. */
  public static void evict(Path file) throws IOException {
    try {
      int descriptor = open(file);
      int error = LibC.INSTANCE.posix_fadvise(descriptor, 0, 0, DONT_NEED);
      close(descriptor);
      if (error != 0) {
        throw new IOException("posix_fadvise of " + file + ": error " + error);
      }
    } catch (LastErrorException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static byte[] residency(FileChannel channel, long start, long lengthBytes)
      throws IOException {
    MappedByteBuffer window = channel.map(FileChannel.MapMode.READ_ONLY, start, lengthBytes);
    byte[] residency = new byte[(int) ((lengthBytes + PAGE_BYTES - 1) / PAGE_BYTES)];
    try {
      LibC.INSTANCE.mincore(
          Native.getDirectBufferPointer(window), new NativeLong(lengthBytes), residency);
    } catch (LastErrorException e) {
      throw new IOException("mincore: " + e.getMessage(), e);
    }
    return residency;
  }
}
