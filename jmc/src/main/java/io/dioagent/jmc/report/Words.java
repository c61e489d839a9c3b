package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts a verdict into words, a sentence for each fact. */
final class Words {
  private final Verdict verdict;
  private final Map<String, Long> errors = new TreeMap<>();
  private final boolean observing;

  /** The oldest first. */
  private final List<Row> notEnded = new ArrayList<>();

  Words(Verdict verdict, List<JvmActivity> jvms) {
    this.verdict = verdict;
    for (JvmActivity jvm : jvms) {
      notEnded.addAll(jvm.notEnded());
      jvm.bad().errors().forEach((name, count) -> errors.merge(name, count, Long::sum));
    }
    notEnded.sort(Comparator.comparingLong((Row row) -> row.number("ageNanos")).reversed());
    observing = jvms.stream().allMatch(JvmActivity::isObserving);
  }

  /** Returns the verdict in one sentence. */
  String headline() {
    if (!verdict.endedRight()) {
      return "Not every request ended exactly once, without an error.";
    } else if (verdict.inFlight() > 0) {
      return counted(verdict.inFlight(), "operation", "operations")
          + " had not ended when the recording ended.";
    } else if (verdict.unproven() > 0) {
      return "No failure was recorded, nor whether every request ended.";
    } else if (verdict.underWay() > 0) {
      return "Every request that ended did so exactly once, without an error.";
    }
    return verdict.writes() == 0
        ? "Nothing went wrong, and nothing was written."
        : "Every request ended exactly once, without an error.";
  }

  /** Returns the facts behind the verdict. */
  List<String> sentences() {
    List<String> all = new ArrayList<>();
    if (verdict.inFlight() > 0) {
      all.add(inFlightSentence());
    }
    if (verdict.underWay() > 0) {
      all.add(
          counted(verdict.underWay(), "I/O was", "I/Os were")
              + " in flight at the end, none for longer than a second.");
    }
    if (verdict.unproven() > 0) {
      all.add(
          "The recording has neither RuntimeStatistics nor InFlight, so it does not show what was in"
              + " flight at its end.");
    }
    if (verdict.lost() > 0) {
      all.add(
          counted(verdict.lost(), "request was lost: it did", "requests were lost: they did")
              + " not end by the deadline. "
              + endOfLostOnes());
    } else if (verdict.late() > 0) {
      all.add(
          counted(verdict.late(), "request", "requests")
              + ", reported as lost before this recording, ended after all.");
    }
    if (verdict.duplicate() > 0) {
      all.add(
          counted(verdict.duplicate(), "completion", "completions")
              + " came for an I/O that had ended already, and was dropped.");
    }
    if (verdict.unknown() > 0) {
      all.add(
          counted(verdict.unknown(), "completion", "completions")
              + " came for a request that was never made, and was dropped.");
    }
    if (verdict.errors() + verdict.failedForces() > 0) {
      all.add(errorSentence());
    }
    if (verdict.collisions() > 0) {
      all.add(
          counted(verdict.collisions(), "direct write", "direct writes")
              + " left older bytes behind in the page cache.");
    }
    if (verdict.stalls() > 0) {
      all.add(
          counted(
                  verdict.stalls(),
                  "submission blocked its thread",
                  "submissions blocked their threads")
              + " instead of returning at once.");
    }
    if (verdict.injected() > 0) {
      all.add(
          counted(verdict.injected(), "fault was", "faults were")
              + " injected on purpose, by the option fault.");
    }
    all.add(fallbackSentence());
    return all;
  }

  private String inFlightSentence() {
    String many =
        counted(verdict.inFlight(), "operation", "operations")
            + " had not ended when the recording ended";
    if (notEnded.isEmpty()) {
      return many + ". The recording does not name them.";
    }
    Row oldest = notEnded.get(0);
    String what =
        oldest.text("operation")
            + (oldest.number("length") > 0
                ? " of " + number(oldest.number("length")) + " bytes"
                : "")
            + (oldest.number("offset") < 0 ? "" : " at " + number(oldest.number("offset")))
            + " of "
            + oldest.text("path")
            + " by thread "
            + oldest.text("submitter")
            + String.format(Locale.ROOT, ", for %.1f s", oldest.number("ageNanos") / 1e9)
            + ", waiting for "
            + oldest.text("reason");
    return many
        + (verdict.inFlight() == 1 ? ": " : ", the oldest: ")
        + VisibleText.line(what)
        + ".";
  }

  private String endOfLostOnes() {
    if (verdict.late() == 0) {
      return "None of them has ended since.";
    }
    return verdict.late() >= verdict.lost()
        ? "All of them ended after all, late."
        : counted(verdict.late(), "of them", "of them") + " ended after all, late.";
  }

  private String errorSentence() {
    List<String> what = new ArrayList<>();
    if (verdict.errors() > 0) {
      what.add(counted(verdict.errors(), "write or read", "writes or reads"));
    }
    if (verdict.failedForces() > 0) {
      what.add(counted(verdict.failedForces(), "force", "forces"));
    }
    String names =
        errors.entrySet().stream()
            .map(entry -> number(entry.getValue()) + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return String.join(" and ", what) + " ended with an error: " + names + ".";
  }

  private String fallbackSentence() {
    long all = verdict.directBytes() + verdict.bufferedBytes();
    if (all == 0) {
      return "No bytes were written.";
    } else if (observing) {
      return bytes(all) + " were written. None was redirected: the agent only observed.";
    } else if (verdict.bufferedBytes() == 0) {
      return "All of the " + bytes(all) + " written went past the page cache.";
    }
    return String.format(
        Locale.ROOT,
        "%s of the %s written went through the page cache (%s).",
        share(verdict.fallbackShare()),
        bytes(all),
        bytes(verdict.bufferedBytes()));
  }

  private static String counted(long count, String one, String more) {
    return number(count) + " " + (count == 1 ? one : more);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Formats a share. It never rounds to 0 or 100 % unless exact. */
  private static String share(double share) {
    double percent = share * 100;
    if (percent < 0.1) {
      return "Less than 0.1 %";
    } else if (percent > 99.9 && percent < 100) {
      return "More than 99.9 %";
    }
    return String.format(Locale.ROOT, "%.1f %%", percent);
  }

  private static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes;
    String unit = "";
    for (String next : List.of("kB", "MB", "GB", "TB", "PB")) {
      if (value < 999.5) {
        break;
      }
      value /= 1000;
      unit = next;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, unit);
  }
}
