package io.dioagent.agent.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One line for each kind and file, and then one at most in each quiet time. */
class AnomalyTableTest {
  private static final long QUIET_NANOS = 1000;

  private final AnomalyTable table = new AnomalyTable(QUIET_NANOS);
  private final AnomalyText text = new AnomalyText(4711, false);

  private void add(int kind, String path, long offset, long now) {
    RequestInfo request = new RequestInfo(7, path, offset, 4096);
    table.add(kind, request, 2_500_000_000L, 2_000_000_000L, -5, false, "why", now);
  }

  private List<String> lines(boolean all, long now) {
    List<String> lines = new ArrayList<>();
    Anomaly anomaly = new Anomaly();
    while (table.take(anomaly, all, now)) {
      lines.add(text.of(anomaly));
    }
    return lines;
  }

  @Test
  void theFirstComesAtOnceAndTheRestTogether() {
    assertEquals(Long.MAX_VALUE, table.nextNanos(0));
    for (int i = 0; i < 3; i++) {
      add(Anomaly.LOST, "/a", i * 4096L, i);
    }
    assertEquals(0, table.nextNanos(3));
    assertEquals(
        List.of(
            "lost: request 7 of 4096 bytes at 0 of /a has not ended after 2.5 s, deadline 2.0 s:"
                + " why; and 2 more of it; look for a device that hangs (dmesg) or a frozen file"
                + " system (fsfreeze); \"java -jar dio-agent.jar status 4711\" lists what is in"
                + " flight"),
        lines(false, 3));
    add(Anomaly.LOST, "/a", 8192, 10);
    add(Anomaly.LOST, "/a", 12288, 20);
    assertEquals(QUIET_NANOS - 17, table.nextNanos(20));
    assertEquals(List.of(), lines(false, 20));
    List<String> later = lines(false, 3 + QUIET_NANOS);
    assertEquals(1, later.size());
    assertTrue(later.get(0).contains(" at 8192 of /a "), later::toString);
    assertTrue(later.get(0).contains("; and 1 more of it; "), later::toString);
    assertEquals(Long.MAX_VALUE, table.nextNanos(3 + QUIET_NANOS));
  }

  @Test
  void kindsAndFilesAreKeptApart() {
    add(Anomaly.LOST, "/a", 0, 0);
    add(Anomaly.LOST, "/b", 0, 0);
    add(Anomaly.LATE, "/a", 0, 0);
    add(Anomaly.DUPLICATE, "/a", 0, 0);
    add(Anomaly.ERROR, "/a", 0, 0);
    List<String> lines = lines(false, 0);
    assertEquals(5, lines.size(), lines::toString);
    assertTrue(
        lines.contains(
            "error: request 7 of 4096 bytes at 0 of /a ended after 2.5 s with EIO (Input/output"
                + " error): why; check the device (dmesg, smartctl); the file may be damaged"
                + " there"),
        lines::toString);
  }

  @Test
  void manyFilesShareALine() {
    int more = 10;
    for (int i = 0; i < AnomalyTable.PLACES + more; i++) {
      add(Anomaly.ERROR, "/" + i, 0, 0);
    }
    List<String> lines = lines(false, 0);
    assertEquals(AnomalyTable.PLACES + 1, lines.size());
    String last = lines.get(AnomalyTable.PLACES);
    assertTrue(last.contains(" of /" + AnomalyTable.PLACES + " "), last);
    assertTrue(last.contains("; and " + (more - 1) + " more of other files; "), last);

    // A place is free again after the quiet time.
    add(Anomaly.ERROR, "/new", 0, QUIET_NANOS);
    assertTrue(lines(false, QUIET_NANOS).get(0).contains(" of /new "));
  }

  @Test
  void theEndWritesAll() {
    add(Anomaly.ERROR, "/a", 0, 0);
    assertEquals(1, lines(false, 0).size());
    add(Anomaly.ERROR, "/a", 4096, 1);
    assertFalse(table.take(new Anomaly(), false, 1));
    assertEquals(1, lines(true, 1).size());
  }
}
