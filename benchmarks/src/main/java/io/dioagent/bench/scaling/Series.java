package io.dioagent.bench.scaling;

import java.util.List;
import java.util.Optional;

/**
 * A series of workloads in which one property grows.
 *
 * @param name short name, for the picture and the JSON file
 * @param title title of the table and the picture
 * @param axis the name of x
 * @param peer the peer
 * @param perByte whether writes grow with x, so that the cost counts per byte
 * @param points the points, from the smallest to the largest
 * @param leftOut points that could not be measured here, with the reason
 */
record Series(
    String name,
    String title,
    String axis,
    Peer peer,
    boolean perByte,
    List<Point> points,
    Optional<String> leftOut) {

  /** The peer of a series. */
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
