package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/** Reads back the blocks that a sample claims to have written. */
public final class Verifier {
  private static final int CHUNK_BYTES = 1 << 20;

  private Verifier() {}

  /**
   * Compares blocks with their pattern.
   *
   * @param written the numbers of the written blocks
   * @param options the options to open the file for reading
   * @throws IOException if a block differs
   */
  public static void verify(Path file, Pattern pattern, BitSet written, OpenOption... options)
      throws IOException {
    if (written.isEmpty()) {
      throw new IOException("nothing was written to " + file);
    }
    int blockBytes = pattern.blockBytes();
    int chunkBlocks = Math.max(1, CHUNK_BYTES / blockBytes);
    ByteBuffer chunk = DirectFiles.allocate(chunkBlocks * blockBytes);
    try (FileChannel channel = FileChannel.open(file, options)) {
      int first = written.nextSetBit(0);
      while (first >= 0) {
        readFully(channel, chunk, (long) first * blockBytes);
        int blocks = chunk.position() / blockBytes;
        for (int i = 0; i < Math.max(1, blocks); i++) {
          long position = (long) (first + i) * blockBytes;
          if (written.get(first + i)
              && (i >= blocks || !pattern.matches(chunk, i * blockBytes, position))) {
            throw new IOException(
                "%s: what was written at %d is not there".formatted(file, position));
          }
        }
        first = written.nextSetBit(first + Math.max(1, blocks));
      }
    }
  }

  /** Compares all blocks of a file, read through the page cache. */
  public static void verifyAll(Path file, Pattern pattern, long blocks) throws IOException {
    BitSet written = new BitSet();
    written.set(0, Math.toIntExact(blocks));
    verify(file, pattern, written, StandardOpenOption.READ);
  }

  private static void readFully(FileChannel channel, ByteBuffer chunk, long position)
      throws IOException {
    chunk.clear();
    int count;
    do {
      count = channel.read(chunk, position + chunk.position());
    } while (count > 0 && chunk.hasRemaining());
  }
}
