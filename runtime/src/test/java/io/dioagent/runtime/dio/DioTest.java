package io.dioagent.runtime.dio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The results of {@link Dio} step by step, and its refusal of impossible calls. */
class DioTest {
  private final List<String> endings = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Dio dio =
      new Dio(
          lock,
          new Dio.Ending() {
            @Override
            public void published(long result) {
              assertFalse(lock.isHeldByCurrentThread());
              endings.add("published " + result);
            }

            @Override
            public void drained(long result) {
              assertFalse(lock.isHeldByCurrentThread());
              endings.add("drained " + result);
            }
          });

  @Test
  void lastCompletionPublishesTheSum() {
    assertEquals(Dio.State.NEW, dio.state());
    assertTrue(dio.queued());
    assertTrue(dio.queued());
    assertEquals(Dio.State.QUEUED, dio.state());
    assertTrue(dio.submitted(8192));
    dio.ended(4096);
    assertEquals(List.of(), endings);
    dio.ended(100);
    assertEquals(List.of("published 4196"), endings);
    assertEquals(Dio.State.ENDED, dio.state());
    assertEquals(8192, dio.handledBytes());
    assertEquals(4196, dio.transferredBytes());
  }

  @Test
  void submitterPublishesIfItIsTheLast() {
    dio.queued();
    dio.ended(4096);
    assertEquals(List.of(), endings);
    assertTrue(dio.submitted(4096));
    assertEquals(List.of("published 4096"), endings);
  }

  @Test
  void nothingQueuedIsTheSubmittersToReturn() {
    dio.pending(5);
    assertFalse(dio.submitted(0));
    assertEquals(-5, dio.result());
    assertEquals(List.of(), endings);
    assertEquals(Dio.State.RETURNED, dio.state());
  }

  @Test
  void refusedIsAsIfNotQueued() {
    dio.queued();
    dio.refused();
    assertEquals(Dio.State.NEW, dio.state());
    dio.buffered(4096);
    assertFalse(dio.submitted(4096));
    assertEquals(4096, dio.result());
    assertEquals(List.of(), endings);
  }

  @Test
  void refusedAfterAnotherWasQueuedLeavesThatOne() {
    dio.queued();
    dio.queued();
    dio.refused();
    assertEquals(Dio.State.QUEUED, dio.state());
    dio.submitted(4096);
    dio.ended(4096);
    assertEquals(List.of("published 4096"), endings);
  }

  @Test
  void errorsWinOverBytesAndTheFirstWins() {
    dio.queued();
    dio.queued();
    dio.queued();
    dio.ended(4096);
    dio.ended(-5);
    dio.ended(-28);
    assertEquals(-5, dio.result());
    assertEquals(4096, dio.transferredBytes());
    dio.pending(27);
    dio.pending(122);
    dio.submitted(12288);
    assertEquals(List.of("published -27"), endings);
  }

  @Test
  void expiredIsDrainedAndNeverPublished() {
    dio.queued();
    assertTrue(dio.expire());
    assertFalse(dio.expire());
    assertFalse(dio.cancel());
    assertEquals(Dio.State.OVERDUE, dio.state());
    assertFalse(dio.queued(), "nothing more may be issued");
    assertTrue(dio.submitted(4096));
    assertEquals(List.of(), endings);
    dio.ended(4096);
    assertEquals(List.of("drained 4096"), endings);
    assertEquals(Dio.State.DRAINED, dio.state());
  }

  @Test
  void refusedAfterExpiryStaysOverdue() {
    dio.queued();
    dio.expire();
    dio.refused();
    assertEquals(Dio.State.OVERDUE, dio.state());
    assertTrue(dio.submitted(0));
    assertEquals(List.of("drained 0"), endings);
  }

  @Test
  void cancelledBeforeAnythingWasQueued() {
    assertTrue(dio.cancel());
    assertEquals(Dio.State.CANCELLED, dio.state());
    assertTrue(dio.submitted(0));
    assertEquals(List.of("drained 0"), endings);
  }

  @Test
  void anEndedRequestRefusesFurtherCalls() {
    dio.queued();
    dio.submitted(4096);
    dio.ended(4096);
    assertFalse(dio.expire());
    assertFalse(dio.cancel());
    assertEquals(List.of("published 4096"), endings);
    assertThrows(IllegalStateException.class, () -> dio.ended(4096));
    assertThrows(IllegalStateException.class, dio::queued);
    assertThrows(IllegalStateException.class, dio::refused);
    assertThrows(IllegalStateException.class, () -> dio.pending(5));
    assertThrows(IllegalStateException.class, () -> dio.buffered(1));
    assertThrows(IllegalStateException.class, () -> dio.again(1));
    assertThrows(IllegalStateException.class, () -> dio.submitted(4096));
    assertEquals(List.of("published 4096"), endings);
  }

  @Test
  void refusesACompletionOfNothing() {
    assertThrows(IllegalStateException.class, () -> dio.ended(4096));
    assertThrows(IllegalStateException.class, dio::refused);
    dio.queued();
    dio.ended(4096);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> dio.ended(4096), "it came twice");
    assertEquals(
        "ended without an I/O in flight: state QUEUED, count 1, accepted 1", e.getMessage());
    assertThrows(IllegalStateException.class, () -> dio.again(8192), "more than there is");
  }

  @Test
  void aLaunderedTransferCountsOnce() {
    dio.queued();
    dio.ended(4096);
    dio.again(4096);
    dio.queued();
    dio.submitted(4096);
    dio.ended(4096);
    assertEquals(List.of("published 4096"), endings);
  }
}
