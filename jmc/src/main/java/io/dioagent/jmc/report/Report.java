package io.dioagent.jmc.report;

import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What recordings say about direct I/O: a verdict, and a page for people. Each JVM is a part of its
 * own, however many of the recordings are of it.
 *
 * <p>All is read at once, into memory; see {@link ReportException} where that fails. Immutable.
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
   * @param recordings at least one, of one or several JVMs; parts that several have are read once
   * @throws ReportException if one is missing, not a whole recording or too large for the memory,
   *     or if a JVM has no event of dio-agent's
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
   * @param html replaced as a whole when all is done; nothing of it changes on failure
   * @return what the page says first
   * @throws ReportException as {@link #read} and {@link #writeHtml}
   */
  public static Verdict write(List<Path> recordings, Path html) throws ReportException {
    OutputFile.of(html, recordings);
    Report report = read(recordings);
    report.writeHtml(html);
    return report.verdict();
  }

  /** Of all JVMs together. */
  public Verdict verdict() {
    return verdict;
  }

  /** The verdict in one sentence, for people. */
  public String headline() {
    return data.headline();
  }

  /** What is behind it, a sentence each. */
  public List<String> sentences() {
    return List.copyOf(data.sentences());
  }

  /**
   * The verdict as JSON: an object with {@code clean}, {@code headline}, {@code sentences}, {@code
   * fallbackShare} and the fields of {@link Verdict}, and the same numbers for each JVM in {@code
   * jvms}, beside its {@code recordings}.
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
    object.put("fallbackShare", verdict.fallbackShare());
  }

  /**
   * Writes the page: one file that needs no other, nor a network.
   *
   * @param html replaced as a whole when all is done; nothing of it changes on failure
   * @throws ReportException if it cannot be written, or is one of the recordings
   */
  public void writeHtml(Path html) throws ReportException {
    OutputFile.of(html, recordings).write(Page.of(data));
  }
}
