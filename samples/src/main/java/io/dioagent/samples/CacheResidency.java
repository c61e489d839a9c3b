package io.dioagent.samples;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prints how many bytes of files are in the page cache.
 *
 * <p>{@code CacheResidency FILE|DIR...} prints a line for each file, and the sum. It calls {@link
 * MappedByteBuffer#isLoaded()}, which is mincore(2), for each page. That reads nothing, and loads
 * nothing into the page cache. Linux gives correct answers only to a process that may write the
 * file.
 */
public final class CacheResidency {
  private static final int PAGE_BYTES = 4096;
  private static final int WINDOW_BYTES = 1 << 30;

  private CacheResidency() {}

  /** Runs the application. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      throw Usage.exit("CacheResidency FILE|DIR...");
    }
    long resident = 0;
    long size = 0;
    for (String arg : args) {
      for (Path file : filesUnder(Path.of(arg))) {
        long fileSize = Files.size(file);
        long fileResident = residentBytes(file);
        System.out.println("resident " + fileResident + " of " + fileSize + " bytes: " + file);
        resident += fileResident;
        size += fileSize;
      }
    }
    System.out.println("resident " + resident + " of " + size + " bytes in all");
  }

  /** Returns how many bytes of a file are in the page cache: whole pages, at most its size. */
  public static long residentBytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long resident = 0;
      for (long start = 0; start < size; start += WINDOW_BYTES) {
        int length = (int) Math.min(WINDOW_BYTES, size - start);
        resident += residentBytes(channel.map(FileChannel.MapMode.READ_ONLY, start, length));
      }
      return resident;
    }
  }

  private static long residentBytes(MappedByteBuffer window) {
    long resident = 0;
    for (int page = 0; page < window.capacity(); page += PAGE_BYTES) {
      int length = Math.min(PAGE_BYTES, window.capacity() - page);
      if (window.slice(page, length).isLoaded()) {
        resident += length;
      }
    }
    return resident;
  }

  private static List<Path> filesUnder(Path path) throws IOException {
    try (Stream<Path> paths = Files.walk(path)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
