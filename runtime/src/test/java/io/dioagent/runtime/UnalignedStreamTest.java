package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.testing.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes that share pages with their neighbours, as of a stream behind a header of odd length. */
@Tag("engine")
class UnalignedStreamTest {
  private static final int PAGE_BYTES = 4096;
  private static final int HEADER_BYTES = 100;
  private static final int BLOCK_BYTES = 8192;
  private static final int BLOCKS = 64;

  private static void stream(DirectFile file) throws IOException {
    file.write(ByteBuffer.allocate(HEADER_BYTES), 0);
    for (int i = 0; i < BLOCKS; i++) {
      file.write(ByteBuffer.allocate(BLOCK_BYTES), HEADER_BYTES + (long) i * BLOCK_BYTES);
    }
  }

  private static int residentPages(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MappedByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      int resident = 0;
      for (int at = 0; at < all.capacity(); at += PAGE_BYTES) {
        resident += all.slice(at, Math.min(PAGE_BYTES, all.capacity() - at)).isLoaded() ? 1 : 0;
      }
      return resident;
    }
  }

  private static void leavesNextToNothing(StandardOpenOption... options) throws IOException {
    try (Scratch scratch = new Scratch();
        DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none());
        DirectFile file = runtime.open(scratch.written("stream", 0), FilePolicy.DEFAULT, options)) {
      String why = runtime.whyNotDirect() == null ? file.reason() : runtime.whyNotDirect();
      if (runtime.whyNotDirect() != null || !file.isDirect()) {
        System.err.println("UnalignedStreamTest skipped: " + why);
        assumeTrue(false, why);
      }
      stream(file);
      int first = residentPages(Path.of(file.path()));
      stream(file);
      int again = residentPages(Path.of(file.path()));
      assertTrue(first <= 1, () -> first + " pages resident after the first time");
      assertTrue(again <= 1, () -> again + " pages resident after the second time");
    }
  }

  @Test
  void leavesNextToNothingInThePageCache() throws IOException {
    leavesNextToNothing();
  }

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "DSYNC"})
  void leavesNextToNothingInThePageCacheWhenSynchronous(StandardOpenOption option)
      throws IOException {
    leavesNextToNothing(option);
  }
}
