package io.dioagent.bench.scaling;

import java.util.List;
import java.util.Optional;

/**
 * What grows, while all else stays as it is.
 *
 * @param name short: of its picture and in the JSON file
 * @param title for the table and the picture
 * @param axis what x counts
 * @param peer what stands beside ours
 * @param perByte whether a write at a larger x has as much more to do: its cost counts by byte
 * @param points from the smallest to the largest
 * @param leftOut what could not be measured here, and why
 */
record Series(
    String name,
    String title,
    String axis,
    Peer peer,
    boolean perByte,
    List<Point> points,
    Optional<String> leftOut) {

  /** Beside what. */
  enum Peer {
    JDK_DIRECT("JDK DIRECT"),
    FIO("fio libaio");

    private final String label;

    Peer(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  Series {
    points = List.copyOf(points);
  }
}
