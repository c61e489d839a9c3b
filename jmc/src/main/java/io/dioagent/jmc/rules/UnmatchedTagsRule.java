package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        EventKind.AGENT_CONFIGURATION,
        EventKind.TAGGED_FILE);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    Map<String, Glob> tags = new LinkedHashMap<>();
    recording.options().tags().forEach((name, glob) -> tags.put(name, new Glob(glob)));
    if (tags.isEmpty()) {
      return Finding.notApplicable("The recording tells of no tags.");
    }
    Set<String> files = files(recording);
    Set<String> used = used(tags, files);
    List<String> unused = tags.keySet().stream().filter(name -> !used.contains(name)).toList();
    if (unused.isEmpty()) {
      return Finding.ok("Files came under each tag, " + files.size() + " in all.");
    }
    boolean openBefore = Counters.of(recording).most(Fields.OPEN_FILES) > 0;
    if (files.isEmpty() && openBefore) {
      return Finding.notApplicable(
          "The tagged files were opened before the recording began, and not written since.");
    }
    return new Finding(
        files.isEmpty() ? Severity.WARNING : Severity.INFO,
        "No file came under "
            + unused.size()
            + " of "
            + Text.count(tags.size(), "tag")
            + ": "
            + Places.few(unused, Text::recorded)
            + ".",
        "In the recorded time none of the files that were opened, or written, is its. "
            + unused.stream()
                .map(name -> shadow(name, tags.get(name), files))
                .collect(Collectors.joining())
            + "All that came under the agent: "
            + (files.isEmpty() ? "none" : Places.few(new ArrayList<>(files), Text::recorded))
            + ". A file that was open before the recording began is seen only when it is written.",
        "Compare the glob with the files' real paths (readlink -f; lsof -p PID): * stays within a"
            + " directory, ** crosses them, and only the directory that a glob begins with may be a"
            + " symbolic link. The first tag that matches a file counts, and exclude goes before"
            + " all. `java -jar dio-agent.jar probe FILE` tells whether a file can go direct.");
  }

  /** All that anything is told of. */
  private static Set<String> files(DioRecording recording) {
    return Stream.of(
            EventKind.TAGGED_FILE,
            EventKind.WRITE,
            EventKind.READ,
            EventKind.FORCE,
            EventKind.LOST_COMPLETION,
            EventKind.COMPLETION_ERROR)
        .flatMap(recording::stream)
        .map(DioEvent::path)
        .filter(path -> !path.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The tags that files came under: of those that match a file the first, and if none does, as the
   * directory that its tag begins with is a link, each that may be it.
   */
  private static Set<String> used(Map<String, Glob> tags, Set<String> files) {
    Set<String> used = new HashSet<>();
    for (String file : files) {
      Optional<String> first =
          tags.keySet().stream().filter(name -> tags.get(name).matches(file)).findFirst();
      if (first.isPresent()) {
        used.add(first.get());
      } else {
        tags.keySet().stream()
            .filter(name -> tags.get(name).mayMatchByLink(file))
            .forEach(used::add);
      }
    }
    return used;
  }

  /** A sentence on files that it would have had if an earlier tag had not; may be empty. */
  private static String shadow(String name, Glob glob, Set<String> files) {
    return files.stream()
        .filter(glob::matches)
        .findFirst()
        .map(
            file ->
                Text.recorded(name)
                    + " would have had "
                    + Text.recorded(file)
                    + ", which an earlier tag has. ")
        .orElse("");
  }
}
