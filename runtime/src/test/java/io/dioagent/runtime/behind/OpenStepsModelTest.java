package io.dioagent.runtime.behind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random writes beside a reader, against a model of pages. Each byte that was added is in one step
 * that is to be written back; no page that the reader had before is dropped.
 */
class OpenStepsModelTest {
  private static final int PAGE = 4096;
  private static final int STEP_PAGES = (int) (Step.BYTES / PAGE);
  private static final int STEPS = 12;
  private static final int TRAILS = 60;
  private static final int ROUNDS = 120;

  private final StepQueue ready = new StepQueue();
  private final ArrayDeque<Step> writtenBack = new ArrayDeque<>();

  /** Of each step: what was added and is not handed over yet. */
  private final long[] from = new long[STEPS];

  private final long[] end = new long[STEPS];
  private final long[] bytes = new long[STEPS];

  /** Of each step: how many are handed over and not dropped. */
  private final int[] closed = new int[STEPS];

  /** Pages that the reader had in the cache before a write to their step. */
  private final BitSet read = new BitSet();

  /** Pages of writes. */
  private final BitSet written = new BitSet();

  /** Steps of which {@link OpenSteps} may know something. */
  private final Set<Integer> touched = new HashSet<>();

  private long highestEnd;
  private long handedOver;
  private long dropped;
  private Random random;
  private OpenSteps steps;

  private boolean holds(long offset, long lengthBytes) {
    int first = (int) (offset / PAGE);
    int last = (int) ((offset + lengthBytes - 1) / PAGE);
    int nextRead = read.nextSetBit(first);
    int nextWritten = written.nextSetBit(first);
    return (nextRead >= 0 && nextRead <= last) || (nextWritten >= 0 && nextWritten <= last);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomWrites(long seed) {
    random = new Random(seed);
    for (int i = 0; i < TRAILS; i++) {
      read.clear(); // By the kernel, which needs memory.
      written.clear();
      touched.clear();
      highestEnd = random.nextInt((int) (STEPS * Step.BYTES / 2)); // And it was truncated.
      steps = new OpenSteps(this::holds, highestEnd);
      useTrail();
    }
    assertTrue(handedOver > 500 && dropped > 500, handedOver + " steps, dropped " + dropped);
  }

  private void useTrail() {
    for (int i = 0; i < ROUNDS; i++) {
      switch (random.nextInt(8)) {
        case 0 -> readPages();
        case 1, 2 -> dropOldest();
        case 3 -> prepare(random.nextInt((int) (STEPS * Step.BYTES) - 1), 1);
        default -> write();
      }
    }
    steps.closeAll(ready);
    handOver();
    for (int i = 0; i < STEPS; i++) {
      assertEquals(0, bytes[i], "forgotten in step " + i);
    }
    while (!writtenBack.isEmpty()) {
      dropOldest();
    }
  }

  /** Only of steps of which nothing is known: those read later may be dropped. */
  private void readPages() {
    int step = random.nextInt(STEPS);
    int page = step * STEP_PAGES + random.nextInt(STEP_PAGES);
    if (!touched.contains(step) && (long) page * PAGE < highestEnd) {
      read.set(page);
    }
  }

  private void prepare(long offset, int length) {
    long preparedEnd = steps.prepare(offset, length);
    assertTrue(steps.isPrepared(offset, length));
    assertEquals(0, preparedEnd % Step.BYTES);
    assertTrue(preparedEnd >= offset + length && preparedEnd - offset - length < Step.BYTES);
    touch(offset, length);
  }

  private void touch(long offset, int length) {
    for (long i = Step.indexOf(offset); i <= Step.indexOf(offset + length - 1); i++) {
      touched.add((int) i);
    }
  }

  private void write() {
    int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 2 << 20 : 200_000);
    long offset =
        random.nextInt(3) == 0
            ? Math.min(highestEnd, STEPS * Step.BYTES - length)
            : random.nextInt((int) (STEPS * Step.BYTES) - length);
    if (random.nextInt(5) != 0) {
      prepare(offset, length);
    }
    touch(offset, length);
    written.set((int) (offset / PAGE), (int) ((offset + length - 1) / PAGE) + 1);
    add(offset, length);
    highestEnd = Math.max(highestEnd, offset + length);
  }

  private long openBytes() {
    long sum = 0;
    for (long one : bytes) {
      sum += one;
    }
    return sum;
  }

  /** Adds a range step by step, so that it is seen which of them are kept. */
  private void add(long offset, int length) {
    for (long at = offset; at < offset + length; ) {
      int index = (int) Step.indexOf(at);
      long partEnd = Math.min(offset + length, (index + 1) * Step.BYTES);
      long added = steps.add(at, partEnd - at, ready);
      assertTrue(added == 0 || added == partEnd - at, added + " of " + (partEnd - at));
      if (added > 0) {
        from[index] = bytes[index] == 0 ? at : Math.min(from[index], at);
        end[index] = bytes[index] == 0 ? partEnd : Math.max(end[index], partEnd);
        bytes[index] += added;
      } else {
        assertTrue(hasCached(index), "step " + index + " is kept, and nothing of it was cached");
      }
      handOver();
      at = partEnd;
    }
  }

  private boolean hasCached(int index) {
    return holds(index * Step.BYTES, Step.BYTES);
  }

  private void handOver() {
    for (Step step = ready.poll(); step != null; step = ready.poll()) {
      int index = (int) Step.indexOf(step.from());
      assertEquals(from[index], step.from());
      assertEquals(end[index], step.end());
      assertEquals(bytes[index], step.writtenBytes());
      assertFalse(step.isOpen());
      bytes[index] = 0;
      closed[index]++;
      handedOver++;
      writtenBack.add(step);
    }
    assertEquals(0, ready.bytes());
    assertTrue(openBytes() <= OpenSteps.MOST_BYTES);
  }

  private void dropOldest() {
    Step step = writtenBack.poll();
    if (step == null) {
      return;
    }
    int index = (int) Step.indexOf(step.from());
    if (step.dropFrom() < step.dropEnd()) {
      int first = (int) (step.dropFrom() / PAGE);
      int last = (int) ((step.dropEnd() - 1) / PAGE);
      int kept = read.nextSetBit(first);
      assertTrue(kept < 0 || kept > last, "page " + kept + " was the reader's, in " + index);
      if (bytes[index] == 0) {
        written.clear(first, last + 1); // Otherwise some of them may be dirty again.
      }
      dropped++;
    }
    steps.dropped(step);
    closed[index]--;
    boolean known = bytes[index] > 0 || closed[index] > 0 || steps.isPrepared(step.from(), 1);
    if (!known) {
      touched.remove(index);
    }
  }
}
