package io.dioagent.bench.work;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  private static final int BLOCK_BYTES = 1000;
  private static final int BLOCKS = 3000;

  @TempDir private Path directory;
  private final Pattern pattern = new Pattern(BLOCK_BYTES, 42);
  private final BitSet written = new BitSet();
  private Path file;

  @BeforeEach
  void writeEveryThirdBlock() throws IOException {
    file = directory.resolve("file");
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    pattern.fill(block);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < BLOCKS; i += 3) {
        pattern.stamp(block, (long) i * BLOCK_BYTES);
        block.clear();
        channel.write(block, (long) i * BLOCK_BYTES);
        written.set(i);
      }
    }
  }

  @Test
  void writtenBlocksAreFound() {
    assertDoesNotThrow(this::verify);
  }

  @Test
  void oneWrongByteIsFound() throws IOException {
    overwrite(2997L * BLOCK_BYTES + 999, new byte[] {1});
    assertThrows(IOException.class, this::verify);
  }

  @Test
  void aBlockAtAnotherPositionIsFound() throws IOException {
    overwrite(300L * BLOCK_BYTES, new byte[Long.BYTES]);
    assertThrows(IOException.class, this::verify);
  }

  @Test
  void aBlockThatIsNotThereIsFound() {
    written.set(BLOCKS + 5000);
    assertThrows(IOException.class, this::verify);
  }

  @Test
  void anotherRunsBlocksAreNotTaken() {
    Pattern other = new Pattern(BLOCK_BYTES, 43);
    assertThrows(
        IOException.class, () -> Verifier.verify(file, other, written, StandardOpenOption.READ));
  }

  @Test
  void nothingWrittenIsNotVerified() {
    written.clear();
    assertThrows(IOException.class, this::verify);
  }

  private void verify() throws IOException {
    Verifier.verify(file, pattern, written, StandardOpenOption.READ);
  }

  private void overwrite(long position, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), position);
    }
  }
}
