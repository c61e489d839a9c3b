package io.dioagent.runtime.behind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each row of the table of {@link OpenSteps}. */
class OpenStepsTest {
  private static final long MIB = Step.BYTES;
  private static final long PAGE = 4096;

  /** Ranges of the page cache that were looked at, as offset and end. */
  private final List<List<Long>> looks = new ArrayList<>();

  /** Pages from here on to the next field are cached. */
  private long cachedFrom;

  private long cachedEnd;
  private final StepQueue ready = new StepQueue();

  private OpenSteps steps(long sizeBytes) {
    return new OpenSteps(this::holds, sizeBytes);
  }

  private boolean holds(long offset, long lengthBytes) {
    looks.add(List.of(offset, offset + lengthBytes));
    return offset < cachedEnd && cachedFrom < offset + lengthBytes;
  }

  private void cache(long from, long end) {
    cachedFrom = from;
    cachedEnd = end;
  }

  private static void write(OpenSteps steps, long offset, long lengthBytes, StepQueue ready) {
    steps.prepare(offset, lengthBytes);
    assertTrue(steps.isPrepared(offset, lengthBytes));
    assertEquals(lengthBytes, steps.add(offset, lengthBytes, ready));
  }

  private void assertReady(long from, long end, long dropFrom) {
    Step step = ready.poll();
    assertEquals(List.of(from, end, dropFrom), List.of(step.from(), step.end(), step.dropFrom()));
    assertFalse(step.isOpen());
  }

  @Test
  void noPageIsCachedBehindTheHighestByte() {
    OpenSteps steps = steps(2 * MIB);
    cache(2 * MIB, 3 * MIB);
    assertEquals(3 * MIB, steps.prepare(2 * MIB, 10));
    assertEquals(List.of(), looks);
    write(steps, 2 * MIB, MIB, ready);
    assertReady(2 * MIB, 3 * MIB, 2 * MIB);
    assertEquals(4 * MIB, steps.prepare(3 * MIB, 10), "what was written moves it");
    assertEquals(List.of(), looks);
  }

  @Test
  void opensWhereNothingIsCached() {
    OpenSteps steps = steps(2 * MIB);
    assertFalse(steps.isPrepared(100, 10));
    assertEquals(MIB, steps.prepare(100, 10));
    assertEquals(List.of(List.of(0L, MIB)), looks);
    assertTrue(steps.isPrepared(0, MIB));
    assertFalse(steps.isPrepared(0, MIB + 1));
    assertEquals(10, steps.add(100, 10, ready));
    assertTrue(ready.isEmpty());
    steps.closeAll(ready);
    assertReady(100, 110, 100);
    assertEquals(1, looks.size(), "one look for each step");
  }

  @Test
  void keepsAWorkingSet() {
    OpenSteps steps = steps(2 * MIB);
    cache(PAGE, 2 * PAGE);
    steps.prepare(10 * PAGE, PAGE);
    assertTrue(steps.isPrepared(10 * PAGE, PAGE));
    assertEquals(0, steps.add(10 * PAGE, PAGE, ready));
    steps.closeAll(ready);
    assertTrue(ready.isEmpty());
    assertTrue(steps.isPrepared(10 * PAGE, PAGE), "it stays kept");
  }

  @Test
  void keepsTheCachedPart() {
    OpenSteps steps = steps(5000);
    cache(0, PAGE);
    write(steps, 5000, 20_000, ready);
    assertEquals(List.of(List.of(0L, 5000L)), looks);
    steps.closeAll(ready);
    assertReady(5000, 25_000, 2 * PAGE);
  }

  @Test
  void keepsWhatMayBeCachedWithoutALook() {
    OpenSteps steps = steps(10 * PAGE);
    assertEquals(20 * PAGE, steps.add(0, 20 * PAGE, ready));
    steps.closeAll(ready);
    assertReady(0, 20 * PAGE, 10 * PAGE);
    assertEquals(List.of(), looks);
  }

  @Test
  void aFullStepIsClosed() {
    OpenSteps steps = steps(0);
    write(steps, 0, MIB - 1, ready);
    assertTrue(ready.isEmpty());
    write(steps, MIB - 1, 1, ready);
    assertReady(0, MIB, 0);
    assertFalse(steps.isPrepared(0, 1));
  }

  @Test
  void aStepWrittenTwiceIsFullAsWell() {
    OpenSteps steps = steps(0);
    write(steps, 0, MIB / 2, ready);
    write(steps, 0, MIB / 2, ready);
    assertReady(0, MIB / 2, 0);
  }

  @Test
  void theOldestOfTooManyBytesIsClosed() {
    OpenSteps steps = steps(0);
    long half = MIB / 2;
    for (int i = 0; i < OpenSteps.MOST_BYTES / half; i++) {
      write(steps, i * MIB, half, ready);
    }
    assertTrue(ready.isEmpty());
    write(steps, 100 * MIB, 1, ready);
    assertReady(0, half, 0);
    assertTrue(ready.isEmpty());
    assertTrue(steps.isPrepared(MIB, 1));
  }

  @Test
  void theOldestOfTooManyStepsIsClosed() {
    OpenSteps steps = steps(0);
    for (int i = 0; i < OpenSteps.MOST_STEPS; i++) {
      write(steps, i * MIB, 1, ready);
    }
    assertTrue(ready.isEmpty());
    write(steps, OpenSteps.MOST_STEPS * MIB, 1, ready);
    assertReady(0, 1, 0);
    assertTrue(ready.isEmpty());
  }

  @Test
  void aStepThatIsBeingWrittenBackOpensAsItWas() {
    for (boolean looked : new boolean[] {true, false}) {
      OpenSteps steps = steps(8 * PAGE);
      cache(0, PAGE);
      write(steps, 8 * PAGE, PAGE, ready);
      steps.closeAll(ready);
      Step first = ready.first();
      assertReady(8 * PAGE, 9 * PAGE, 8 * PAGE);
      cache(0, 9 * PAGE);
      looks.clear();
      if (looked) {
        steps.prepare(0, PAGE);
      }
      assertEquals(20 * PAGE, steps.add(0, 20 * PAGE, ready));
      steps.closeAll(ready);
      assertEquals(List.of(), looks);
      Step second = ready.first();
      assertReady(0, 20 * PAGE, 8 * PAGE);
      steps.dropped(first);
      steps.prepare(0, PAGE);
      assertEquals(List.of(), looks, "the second one is still to be dropped");
      steps.closeAll(ready);
      steps.dropped(second);
      steps.prepare(0, PAGE);
      assertEquals(1, looks.size(), "unknown");
    }
  }

  @Test
  void whatWasWrittenBackIsDroppedAgain() {
    OpenSteps steps = steps(0);
    write(steps, 0, 20 * PAGE, ready);
    steps.closeAll(ready);
    assertReady(0, 20 * PAGE, 0);
    for (int i = 0; i < 2; i++) {
      write(steps, 2 * PAGE, PAGE, ready);
      steps.closeAll(ready);
      assertEquals(20 * PAGE, ready.first().dropEnd());
      assertReady(2 * PAGE, 3 * PAGE, 0);
    }
  }

  @Test
  void aStepStaysKnownWhileAWriteIsUnderWay() {
    for (boolean looked : new boolean[] {true, false}) {
      OpenSteps steps = steps(8 * PAGE);
      steps.prepare(8 * PAGE, PAGE);
      steps.begin(8 * PAGE, PAGE);
      steps.begin(8 * PAGE, MIB);
      steps.add(8 * PAGE, MIB, ready);
      steps.end(8 * PAGE, MIB);
      steps.closeAll(ready);
      for (Step step = ready.poll(); step != null; step = ready.poll()) {
        steps.dropped(step);
      }
      cache(0, 9 * PAGE);
      looks.clear();
      if (looked) {
        steps.prepare(0, 1);
        steps.closeAll(ready);
        steps.prepare(0, 1);
      }
      assertEquals(PAGE, steps.add(8 * PAGE, PAGE, ready));
      steps.end(8 * PAGE, PAGE);
      assertEquals(List.of(), looks);
      steps.closeAll(ready);
      Step second = ready.first();
      assertReady(8 * PAGE, 9 * PAGE, 8 * PAGE);
      steps.dropped(second);
      steps.prepare(0, 1);
      assertEquals(1, looks.size(), "unknown");
    }
  }

  @Test
  void aWriteThatWritesNothingLeavesNothingKnown() {
    OpenSteps steps = steps(2 * MIB);
    steps.prepare(0, PAGE);
    steps.begin(0, PAGE);
    steps.closeAll(ready);
    steps.end(0, PAGE);
    assertFalse(steps.isPrepared(0, 1));
    steps.prepare(0, 1);
    assertEquals(2, looks.size());
  }

  @Test
  void aStepWithoutAWriteIsForgotten() {
    OpenSteps steps = steps(2 * MIB);
    steps.prepare(0, 1);
    steps.closeAll(ready);
    assertTrue(ready.isEmpty());
    assertFalse(steps.isPrepared(0, 1));
    steps.prepare(0, 1);
    assertEquals(2, looks.size());
  }

  @Test
  void aStepWithoutAWriteIsBeingWrittenBackAsBefore() {
    OpenSteps steps = steps(0);
    write(steps, 0, MIB, ready);
    Step first = ready.poll();
    steps.prepare(0, 1);
    steps.closeAll(ready);
    assertTrue(ready.isEmpty());
    steps.prepare(0, 1);
    assertEquals(List.of(), looks, "its pages are of this JVM's writes");
    steps.dropped(first);
    steps.closeAll(ready);
    steps.prepare(0, 1);
    assertEquals(1, looks.size());
  }

  @Test
  void keptStepsAreLookedAtAgainAfterTooMany() {
    OpenSteps steps = steps((OpenSteps.MOST_KEPT + 1) * MIB);
    cache(0, Long.MAX_VALUE);
    for (long i = 0; i < OpenSteps.MOST_KEPT; i++) {
      steps.prepare(i * MIB, 1);
    }
    assertTrue(steps.isPrepared(0, OpenSteps.MOST_KEPT * MIB));
    steps.prepare(OpenSteps.MOST_KEPT * MIB, 1);
    assertFalse(steps.isPrepared(0, 1));
    assertTrue(steps.isPrepared(OpenSteps.MOST_KEPT * MIB, 1));
  }

  @Test
  void aWriteOfSeveralSteps() {
    OpenSteps steps = steps(0);
    steps.prepare(MIB - 10, MIB + 20);
    assertEquals(MIB + 20, steps.add(MIB - 10, MIB + 20, ready));
    assertReady(MIB, 2 * MIB, MIB);
    assertNull(ready.poll());
    steps.closeAll(ready);
    assertReady(MIB - 10, MIB, MIB - 10);
    assertReady(2 * MIB, 2 * MIB + 10, 2 * MIB);
    assertNull(ready.poll());
    assertEquals(0, ready.bytes());
  }
}
