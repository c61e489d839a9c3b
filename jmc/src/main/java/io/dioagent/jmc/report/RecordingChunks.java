package io.dioagent.jmc.report;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The chunks of a recording's file, by their headers. The headers are read first, because JMC's
 * parser skips a truncated chunk, or reports it without the file's name.
 *
 * @param file the file, as the user named it
 * @param chunks in the file's order, at least one
 */
record RecordingChunks(Path file, List<Chunk> chunks) {
  private static final byte[] MAGIC = {'F', 'L', 'R', 0};
  private static final int HEADER_BYTES = 68;
  private static final int SIZE_AT = 8;
  private static final int START_NANOS_AT = 32;
  private static final int DURATION_NANOS_AT = 40;
  private static final int START_TICKS_AT = 48;

  /**
   * A chunk.
   *
   * @param at offset of its first byte in the file
   * @param id equal in each file that has a copy of this chunk
   * @param startNanos since the epoch
   */
  record Chunk(long at, long sizeBytes, Id id, long startNanos, long durationNanos) {
    long endNanos() {
      return startNanos + durationNanos;
    }
  }

  /** The start of a chunk by two clocks, which is unique. */
  record Id(long startNanos, long startTicks) {}

  /**
   * Reads the headers.
   *
   * @throws ReportException if there is no such file, or it is not a whole recording
   */
  static RecordingChunks of(Path file) throws ReportException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw wrong(file, attributes.isDirectory() ? "is a directory" : "is not a regular file");
      }
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
        return new RecordingChunks(file, chunksOf(file, bytes));
      }
    } catch (NoSuchFileException e) {
      throw wrong(file, "there is no such file", e);
    } catch (AccessDeniedException e) {
      throw wrong(file, "may not be read", e);
    } catch (IOException e) {
      throw wrong(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  static ReportException wrong(Path file, String what) {
    return wrong(file, what, null);
  }

  static ReportException wrong(Path file, String what, Throwable cause) {
    return new ReportException(
        VisibleText.line(file.toString()) + ": " + VisibleText.line(what), cause);
  }

  private static List<Chunk> chunksOf(Path file, RandomAccessFile bytes)
      throws IOException, ReportException {
    long length = bytes.length();
    if (length == 0) {
      throw wrong(file, "is empty; a recording is written when it is dumped, or its JVM ends");
    }
    List<Chunk> chunks = new ArrayList<>();
    for (long at = 0; at < length; at += chunks.get(chunks.size() - 1).sizeBytes()) {
      chunks.add(chunkAt(file, bytes, at, length));
    }
    return List.copyOf(chunks);
  }

  private static Chunk chunkAt(Path file, RandomAccessFile bytes, long at, long length)
      throws IOException, ReportException {
    byte[] header = new byte[(int) Math.min(HEADER_BYTES, length - at)];
    bytes.seek(at);
    bytes.readFully(header);
    byte[] magic = Arrays.copyOf(header, Math.min(header.length, MAGIC.length));
    if (!Arrays.equals(magic, Arrays.copyOf(MAGIC, magic.length))) {
      throw wrong(
          file,
          at == 0
              ? "is not a JFR recording: it begins with '"
                  + new String(magic, StandardCharsets.ISO_8859_1)
                  + "', not with 'FLR'"
              : "is damaged, or still being written: no chunk begins at byte " + at);
    }
    if (header.length < HEADER_BYTES) {
      throw wrong(file, "is truncated: it ends within the header of the chunk at byte " + at);
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    long sizeBytes = fields.getLong(SIZE_AT);
    if (sizeBytes < HEADER_BYTES) {
      throw wrong(
          file, "is not finished: the chunk at byte " + at + " was never closed by its JVM");
    }
    if (sizeBytes > length - at) {
      throw wrong(
          file,
          "is truncated: the chunk at byte "
              + at
              + " has "
              + sizeBytes
              + " bytes, of which "
              + (length - at)
              + " are there");
    }
    long startNanos = fields.getLong(START_NANOS_AT);
    return new Chunk(
        at,
        sizeBytes,
        new Id(startNanos, fields.getLong(START_TICKS_AT)),
        startNanos,
        fields.getLong(DURATION_NANOS_AT));
  }

  /** Returns only the wanted chunks. */
  RecordingChunks only(Predicate<Chunk> wanted) {
    return new RecordingChunks(file, chunks.stream().filter(wanted).toList());
  }

  /** Opens all chunks, one after the other. */
  InputStream open() throws IOException {
    return new ChunkStream(new RandomAccessFile(file.toFile(), "r"), chunks);
  }

  private static final class ChunkStream extends InputStream {
    private final RandomAccessFile bytes;
    private final List<Chunk> chunks;
    private int next;
    private long leftBytes;

    ChunkStream(RandomAccessFile bytes, List<Chunk> chunks) {
      this.bytes = bytes;
      this.chunks = chunks;
    }

    /** Moves to the next chunk at the end of the current one; returns false after the last. */
    private boolean isIn() throws IOException {
      while (leftBytes == 0 && next < chunks.size()) {
        Chunk chunk = chunks.get(next++);
        bytes.seek(chunk.at());
        leftBytes = chunk.sizeBytes();
      }
      return leftBytes > 0;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0 || !isIn()) {
        return length == 0 ? 0 : -1;
      }
      int count = bytes.read(target, offset, (int) Math.min(length, leftBytes));
      if (count < 0) {
        throw new EOFException("the file has become shorter");
      }
      leftBytes -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
