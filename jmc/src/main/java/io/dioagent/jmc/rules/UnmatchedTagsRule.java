package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Tags that no file came under: a misspelt one silently does nothing. */
public final class UnmatchedTagsRule extends DioRule {

  /** By the service loader. */
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
      return Finding.notApplicable("The recording tells of no tags, or not of their files.");
    }
    List<String> unused = tags.keySet().stream().filter(tag -> tags.get(tag) == 0).toList();
    if (unused.isEmpty()) {
      return Finding.ok("Files came under each tag since the agent started.");
    }
    List<String> files = files(recording);
    boolean none = unused.size() == tags.size();
    if (none && !files.isEmpty()) {
      return Finding.notApplicable("The recording ends before it was counted which tag has files.");
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
        "Since the agent started none of the files that were opened, or written, was its. All that"
            + " came under the agent in the recorded time: "
            + (files.isEmpty() ? "none" : Places.few(files, Text::recorded))
            + ".",
        "Compare the glob with the files' real paths (readlink -f; lsof -p PID): * stays within a"
            + " directory, ** crosses them, and only the directory that a glob begins with may be a"
            + " symbolic link. The first tag that matches a file counts, and exclude goes before"
            + " all. `java -jar dio-agent.jar probe FILE` tells whether a file can go direct.");
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
