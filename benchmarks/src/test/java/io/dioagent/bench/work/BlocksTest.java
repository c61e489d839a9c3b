package io.dioagent.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.bench.io.WriteShape;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BlocksTest {
  private static final int IO_BYTES = 4096;

  @Test
  void oneAfterAnotherAndFromTheStartAgain() {
    Blocks blocks = new Blocks(new WriteShape(IO_BYTES, 1, false), 2L * IO_BYTES + 1);
    List<Long> positions = LongStream.generate(blocks::next).limit(3).boxed().toList();
    assertEquals(List.of(0L, (long) IO_BYTES, 0L), positions);
    assertEquals(2, blocks.written().cardinality());
  }

  @Test
  void randomOnesStayWithinTheFileAndAreRemembered() {
    Blocks blocks = new Blocks(new WriteShape(IO_BYTES, 1, true), 8L * IO_BYTES);
    BitSet expected = new BitSet();
    for (int i = 0; i < 100; i++) {
      long position = blocks.next();
      assertTrue(position >= 0 && position < 8L * IO_BYTES && position % IO_BYTES == 0);
      expected.set((int) (position / IO_BYTES));
    }
    assertEquals(expected, blocks.written());
  }
}
