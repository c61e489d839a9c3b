package io.dioagent.jmc.rules;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Finds direct writes beside buffered readers, which may see the bytes from before the write. */
public final class PageCacheCollisionsRule extends DioRule {
  private static final String LAUNDER = "launder";

  /** Called by the service loader. */
  public PageCacheCollisionsRule() {
    super(
        "PageCacheCollisions",
        "Page Cache Collisions",
        Topics.FILES,
        List.of(),
        EventKind.PAGE_CACHE_COLLISION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> collisions = recording.list(EventKind.PAGE_CACHE_COLLISION);
    if (collisions.isEmpty()) {
      return Finding.ok("The page cache kept no part of a direct write.");
    }
    TreeSet<String> policies =
        collisions.stream()
            .map(event -> Text.recorded(event.text(Fields.POLICY)))
            .collect(Collectors.toCollection(TreeSet::new));
    boolean repaired = policies.stream().allMatch(LAUNDER::equals);
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(collisions, repaired ? Severity.INFO : Severity.WARNING),
        "The page cache kept part of "
            + Text.count(collisions.size(), "direct write")
            + ": "
            + Places.first(collisions)
            + ".",
        "A process has the range mapped, or reads it through the page cache at the same time, and"
            + " may see older bytes than the device has. Its changes there may later overwrite the"
            + " direct write: "
            + Places.list(collisions, event -> event.text(Fields.REASON))
            + ". The agent applied on-collision="
            + String.join(", ", policies)
            + " (report only records it, fail gives the caller an error, launder writes the pages"
            + " back and drops them)."
            + faults.remark(collisions),
        "Find the process that has the file mapped or reads it (lsof, /proc/PID/maps). If it is"
            + " this application, leave the file to the page cache (exclude=), or let its reads go"
            + " direct, too (read=direct). With on-collision=launder the agent repairs each"
            + " collision.");
  }
}
