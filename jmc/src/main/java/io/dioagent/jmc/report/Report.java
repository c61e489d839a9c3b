package io.dioagent.jmc.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A report on the direct I/O in recordings: a verdict, and a page. Each JVM has its own part,
 * however many of the recordings it made.
 *
 * <p>All recordings are read into memory at once; a {@link ReportException} is thrown if that
 * fails. Immutable.
 */
public final class Report {
  private final List<Path> recordings;
  private final List<JvmActivity> jvms;
  private final List<List<Rules.Finding>> findings;
  private final Verdict verdict;
  private final PageData data;

  private Report(
      List<Path> recordings,
      List<JvmActivity> jvms,
      List<List<Rules.Finding>> findings,
      Verdict verdict,
      PageData data) {
    this.findings = findings;
    this.recordings = recordings;
    this.jvms = jvms;
    this.verdict = verdict;
    this.data = data;
  }

  /**
   * Reads recordings.
   *
   * @param recordings at least one, of one or several JVMs; common parts are read once
   * @throws ReportException if one is missing, incomplete or too large for the memory, or if a JVM
   *     has no event of dio-agent
   */
  public static Report read(List<Path> recordings) throws ReportException {
    return read(recordings, new Rules(Report.class.getClassLoader()));
  }

  static Report read(List<Path> recordings, Rules rules) throws ReportException {
    try {
      return of(List.copyOf(recordings), Recordings.read(recordings), rules);
    } catch (OutOfMemoryError e) {
      throw new ReportException(
          "the recordings do not fit into memory, which is at most "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB; start java with a larger -Xmx",
          e);
    }
  }

  private static Report of(List<Path> recordings, List<RecordedJvm> jvms, Rules rules) {
    TimeGrid grid = TimeGrid.over(jvms);
    List<JvmActivity> activities = new ArrayList<>();
    List<List<Rules.Finding>> findings = new ArrayList<>();
    for (RecordedJvm jvm : jvms) {
      activities.add(JvmActivity.of(jvm, grid));
      findings.add(rules.evaluate(jvm.items()));
    }
    Verdict verdict = Verdict.sum(activities.stream().map(JvmActivity::verdict).toList());
    Words words = new Words(verdict, activities);
    PageData data = new PageDataBuilder(grid, activities).build(verdict, words, findings);
    return new Report(recordings, activities, findings, verdict, data);
  }

  /**
   * Reads recordings and writes their page.
   *
   * @param html replaced as a whole at the end; unchanged on failure
   * @return the page's verdict
   * @throws ReportException as {@link #read} and {@link #writeHtml}
   */
  public static Verdict write(List<Path> recordings, Path html) throws ReportException {
    OutputFile.of(html, recordings);
    Report report = read(recordings);
    report.writeHtml(html);
    return report.verdict();
  }

  /** Returns the verdict on all JVMs together. */
  public Verdict verdict() {
    return verdict;
  }

  /** Returns the verdict in one sentence. */
  public String headline() {
    return data.headline();
  }

  /** Returns the facts behind the verdict, a sentence each. */
  public List<String> sentences() {
    return List.copyOf(data.sentences());
  }

  /**
   * Returns the report as JSON: an object with {@code clean}, {@code headline}, {@code sentences},
   * {@code fallbackShare} and the fields of {@link Verdict}. {@code jvms} has the same numbers for
   * each JVM, and its latencies, files, fallbacks, options, rules and anomalous events. Of these
   * events the first 1,000 of each kind are listed, and all are counted.
   */
  public String json() {
    return ReportJson.of(verdict, data, jvms, findings);
  }

  /**
   * Writes the page: one file that needs neither other files nor a network.
   *
   * @param html replaced as a whole at the end; unchanged on failure
   * @throws ReportException if it cannot be written, or is one of the recordings
   */
  public void writeHtml(Path html) throws ReportException {
    OutputFile.of(html, recordings).write(Page.of(data));
  }
}
