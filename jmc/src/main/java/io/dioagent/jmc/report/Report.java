package io.dioagent.jmc.report;

import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final Verdict verdict;
  private final PageData data;

  private Report(List<Path> recordings, List<JvmActivity> jvms, Verdict verdict, PageData data) {
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
    return new Report(recordings, activities, verdict, data);
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
   * Returns the verdict as JSON: an object with {@code clean}, {@code headline}, {@code sentences},
   * {@code fallbackShare} and the fields of {@link Verdict}. {@code jvms} has the same numbers for
   * each JVM, beside its {@code recordings}.
   */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("clean", verdict.clean());
    all.put("headline", headline());
    all.put("sentences", sentences());
    putNumbers(all, verdict);
    List<Map<String, Object>> parts = new ArrayList<>();
    for (JvmActivity jvm : jvms) {
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("jvm", jvm.jvm().label());
      part.put("recordings", jvm.jvm().recordings());
      part.put("clean", jvm.verdict().clean());
      putNumbers(part, jvm.verdict());
      parts.add(part);
    }
    all.put("jvms", parts);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all);
  }

  private static void putNumbers(Map<String, Object> object, Verdict verdict) {
    object.put("lost", verdict.lost());
    object.put("late", verdict.late());
    object.put("duplicate", verdict.duplicate());
    object.put("unknown", verdict.unknown());
    object.put("errors", verdict.errors());
    object.put("failedForces", verdict.failedForces());
    object.put("collisions", verdict.collisions());
    object.put("stalls", verdict.stalls());
    object.put("injected", verdict.injected());
    object.put("writes", verdict.writes());
    object.put("directBytes", verdict.directBytes());
    object.put("bufferedBytes", verdict.bufferedBytes());
    object.put("inFlight", verdict.inFlight());
    object.put("underWay", verdict.underWay());
    object.put("unproven", verdict.unproven());
    object.put("fallbackShare", verdict.fallbackShare());
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
