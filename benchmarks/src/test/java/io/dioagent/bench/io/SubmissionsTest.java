package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubmissionsTest {

  @Test
  void callsOnOneLineAndOnTwoAreCountedOnce() {
    Submissions submissions =
        Submissions.parse(
            List.of(
                "12 io_submit(0x7f1, 2, [{aio_data=0x1, ...}, {aio_data=0x2, ...}]) = 2",
                "12 io_submit(0x7f1, 4, [{aio_data=0x3, ...}, ...] <unfinished ...>",
                "13 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---",
                "12 <... io_submit resumed>)        = 4"));
    assertEquals(new Submissions(2, 6), submissions);
    assertEquals(3, submissions.iosPerCall());
  }

  @Test
  void aRefusedCallHasNoIos() {
    assertEquals(
        new Submissions(1, 0),
        Submissions.parse(
            List.of(
                "7 io_submit(0x7f1, 1, [...]) = -1 EAGAIN (Resource temporarily unavailable)")));
  }
}
