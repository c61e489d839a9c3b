package io.dioagent.bench;

import io.dioagent.bench.io.CpuUse;
import io.dioagent.bench.io.Strace;
import io.dioagent.bench.io.Submissions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures the subject and the peer of a row in turns. */
final class RowRunner {
  /** Limits the tries per pair with --calm, on average; past it, disturbed pairs are kept. */
  private static final int MAX_TRIES_PER_PAIR = 4;

  private final Bench bench;
  private final int pairs;
  private final boolean calm;
  private final PrintStream progress;

  /** Counts system calls; empty if not permitted. */
  private final Optional<Strace> strace;

  RowRunner(Bench bench, int pairs, boolean calm, PrintStream progress)
      throws InterruptedException {
    this.bench = bench;
    this.pairs = pairs;
    this.calm = calm;
    this.progress = progress;
    this.strace = Strace.find(bench.commands(), bench.scratch());
  }

  RowResult run(Row row) throws InterruptedException {
    Optional<String> whyNot = row.whyNot(bench).map(RowRunner::firstLine);
    if (whyNot.isPresent()) {
      progress.println(row.name() + ": skipped: " + whyNot.get());
      return RowResult.skipped(row, whyNot.get());
    }
    try {
      Pairs samples;
      try (Row.Session session = row.open(bench)) {
        samples = measure(row, session);
      }
      return RowResult.measured(row, samples, submissions(row));
    } catch (IOException e) {
      progress.println(row.name() + ": FAILED: " + e.getMessage());
      return RowResult.failed(row, firstLine(String.valueOf(e.getMessage())));
    }
  }

  /** Counts submissions in one more sample, a quick one, because tracing slows it down. */
  private Optional<Submissions> submissions(Row row) throws IOException, InterruptedException {
    if (!row.submits() || strace.isEmpty()) {
      return Optional.empty();
    }
    Bench traced =
        new Bench(
            Effort.QUICK,
            bench.java(),
            bench.agent(),
            bench.classPath(),
            bench.scratch(),
            strace.get().traced());
    try (Row.Session session = row.open(traced)) {
      session.subject();
    }
    Submissions submissions = strace.get().submissions();
    if (submissions.ios() == 0) {
      throw new IOException("not by io_submit(2): strace saw no call of it that took an I/O");
    }
    return Optional.of(submissions);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private Pairs measure(Row row, Row.Session session) throws IOException, InterruptedException {
    List<Double> subject = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    List<WriteCost> subjectCosts = new ArrayList<>();
    List<WriteCost> peerCosts = new ArrayList<>();
    int pairs = Math.min(this.pairs, row.mostPairs());
    int triesLeft = calm ? MAX_TRIES_PER_PAIR * pairs : pairs;
    while (subject.size() < pairs) {
      if (calm) {
        Calm.await();
      }
      CpuUse start = CpuUse.now();
      double subjectSample = session.subject();
      Optional<WriteCost> subjectCost = session.cost();
      double peerSample = session.peer();
      double othersShare = CpuUse.now().othersShareSince(start);
      triesLeft--;
      boolean kept = Calm.isCalm(othersShare) || triesLeft < pairs - subject.size();
      print(row, subjectSample, peerSample, othersShare, kept);
      if (kept) {
        subject.add(subjectSample);
        peer.add(peerSample);
        others.add(othersShare);
        subjectCost.ifPresent(subjectCosts::add);
        session.cost().ifPresent(peerCosts::add);
      }
    }
    return new Pairs(subject, peer, others, subjectCosts, peerCosts);
  }

  private void print(Row row, double subject, double peer, double othersShare, boolean kept) {
    progress.printf(
        Locale.ROOT,
        "%s: %s beside %s, others %.0f%% of the CPUs%s%n",
        row.name(),
        row.unit().format(subject),
        row.unit().format(peer),
        100 * othersShare,
        kept ? "" : ", again");
  }
}
