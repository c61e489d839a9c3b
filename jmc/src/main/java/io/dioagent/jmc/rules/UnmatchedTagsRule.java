package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Finds tags without files: a misspelt tag silently does nothing. */
public final class UnmatchedTagsRule extends DioRule {

  /** Called by the service loader. */
  public UnmatchedTagsRule() {
    super(
        "UnmatchedTags",
        "Tags Without Files",
        Topics.FILES,
        List.of(),
        EventKind.AGENT_CONFIGURATION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    Map<String, Long> tags = recording.options().filesByTag();
    if (tags.isEmpty()) {
      return Finding.notApplicable("The recording has no tags, or no counts of their files.");
    }
    List<String> unused = tags.keySet().stream().filter(tag -> tags.get(tag) == 0).toList();
    if (unused.isEmpty()) {
      return Finding.ok("Each tag has had files since the agent started.");
    }
    List<String> files = files(recording);
    boolean none = unused.size() == tags.size();
    if (none && !files.isEmpty()) {
      return Finding.notApplicable("The recording ends before the files of each tag were counted.");
    }
    return new Finding(
        none ? Severity.WARNING : Severity.INFO,
        "No file came under "
            + unused.size()
            + " of "
            + Text.count(tags.size(), "tag")
            + ": "
            + Places.few(unused, Text::recorded)
            + ".",
        "Since the agent started, no file that was opened or written matched. All files that came"
            + " under the agent in the recorded time: "
            + (files.isEmpty() ? "none" : Places.few(files, Text::recorded))
            + ".",
        "Compare the glob with the files' real paths (readlink -f; lsof -p PID). * stays within a"
            + " directory, ** crosses directories, and only the directory at the beginning of a"
            + " glob may be a symbolic link. The first matching tag counts, and exclude precedes"
            + " all tags. `java -jar dio-agent.jar probe FILE` shows whether a file can go"
            + " direct.");
  }

  private static List<String> files(DioRecording recording) {
    return Stream.of(EventKind.TAGGED_FILE, EventKind.WRITE)
        .flatMap(recording::stream)
        .map(DioEvent::path)
        .distinct()
        .sorted()
        .toList();
  }
}
