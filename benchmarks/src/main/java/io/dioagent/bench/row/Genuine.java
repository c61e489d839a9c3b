package io.dioagent.bench.row;

import io.dioagent.bench.work.Answer;
import java.io.IOException;
import java.util.Map;

/** Checks that a sample measured what it claims. The workers compare the contents. */
final class Genuine {
  /**
   * Limits the bytes that a JVM itself writes, above all JFR; past it, {@link #checkSubmitted}
   * fails.
   */
  private static final double OTHER_CALL_BYTES = 8 << 20;

  private Genuine() {}

  /**
   * Checks that the kernel counted the bytes, and that the agent or runtime, if any, counted them
   * as direct.
   *
   * @param answers the answers of the worker
   * @param directShare the least share of direct bytes, 0 to 1
   * @throws IOException if not
   */
  static void checkWritten(Map<String, Double> answers, double directShare) throws IOException {
    double written = answers.get(Answer.WRITTEN_BYTES);
    double device = answers.get(Answer.DEVICE_BYTES);
    if (written <= 0 || device < written) {
      throw new IOException(
          "%.0f bytes written, the kernel knows of %.0f".formatted(written, device));
    }
    Double direct = answers.get(Answer.DIRECT_BYTES);
    if (direct != null) {
      double buffered = answers.get(Answer.BUFFERED_BYTES);
      if (direct < directShare * written || direct + buffered < written) {
        throw new IOException(
            "not direct: of %.0f bytes %.0f are said to be direct and %.0f buffered"
                .formatted(written, direct, buffered));
      }
    }
  }

  /**
   * Checks that the agent, if any, opened a descriptor of its own on the file, besides that of the
   * application. The runtime has no count of writes with {@code write=behind}.
   */
  static void checkBehind(Map<String, Double> answers, boolean underAgent) throws IOException {
    double expected = underAgent ? 2 : 1;
    double descriptors = answers.get(Answer.DESCRIPTORS);
    if (descriptors != expected) {
      throw new IOException(
          "%.0f descriptors were open on the file, expected %.0f".formatted(descriptors, expected));
    }
  }

  /**
   * Checks that the bytes were written with io_submit(2) or io_uring, which are in no count of
   * calls.
   */
  static void checkSubmitted(Map<String, Double> answers) throws IOException {
    double written = answers.get(Answer.WRITTEN_BYTES);
    double byCalls = answers.get(Answer.CALL_BYTES);
    if (byCalls > written / 2 + OTHER_CALL_BYTES) {
      throw new IOException(
          "not by io_submit(2): %.0f bytes of %.0f went by write(2) and its kin"
              .formatted(byCalls, written));
    }
  }
}
