package io.dioagent.jmc.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.ItemCollectionToolkit;
import org.openjdk.jmc.flightrecorder.CouldNotLoadRecordingException;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/**
 * Loads recordings and groups them by JVM. A chunk of which several files have a copy, such as two
 * dumps of one JVM, is loaded once.
 */
final class Recordings {
  /** Prefix of the names of dio-agent's events. */
  static final String EVENT_PREFIX = "io.dioagent.";

  private static final String JVM_INFORMATION = "jdk.JVMInformation";

  private final Set<RecordingChunks.Id> seen = new HashSet<>();
  private final Map<String, List<Loaded>> byJvm = new LinkedHashMap<>();

  private Recordings() {}

  /** The part of a file that no file before it had. */
  private record Loaded(RecordingChunks chunks, IItemCollection items, Row jvmInformation) {}

  /**
   * Reads recordings.
   *
   * @return at least one JVM, in the order of the files
   * @throws ReportException if a file cannot be read, or a JVM has no event of dio-agent
   */
  static List<RecordedJvm> read(List<Path> files) throws ReportException {
    if (files.isEmpty()) {
      throw new ReportException("no recording is given");
    }
    // All headers first: a bad last file is reported before minutes go into the others.
    List<RecordingChunks> all = new ArrayList<>();
    for (Path file : files) {
      all.add(RecordingChunks.of(file));
    }
    Recordings recordings = new Recordings();
    for (RecordingChunks chunks : all) {
      recordings.add(chunks.only(chunk -> recordings.seen.add(chunk.id())));
    }
    List<RecordedJvm> jvms = new ArrayList<>();
    for (List<Loaded> parts : recordings.byJvm.values()) {
      jvms.add(jvmOf(parts));
    }
    return jvms;
  }

  private void add(RecordingChunks unseen) throws ReportException {
    if (unseen.chunks().isEmpty()) {
      return;
    }
    IItemCollection items = load(unseen);
    Row jvm = first(items, JVM_INFORMATION);
    String key =
        jvm == null
            ? unseen.file().toString()
            : jvm.number("pid") + " since " + jvm.number("jvmStartTime");
    byJvm.computeIfAbsent(key, none -> new ArrayList<>()).add(new Loaded(unseen, items, jvm));
  }

  private static IItemCollection load(RecordingChunks chunks) throws ReportException {
    try (InputStream stream = chunks.open()) {
      return JfrLoaderToolkit.loadEvents(stream);
    } catch (OutOfMemoryError e) {
      throw tooLarge(chunks, e);
    } catch (IOException | CouldNotLoadRecordingException e) {
      throw damaged(chunks, e);
    } catch (RuntimeException e) {
      // JMC's parser does not check its input: an index that is out of bounds means bad bytes.
      throw damaged(chunks, e);
    }
  }

  private static ReportException damaged(RecordingChunks chunks, Exception cause) {
    return RecordingChunks.wrong(chunks.file(), "is damaged: " + cause, cause);
  }

  private static ReportException tooLarge(RecordingChunks chunks, OutOfMemoryError cause) {
    long bytes = chunks.chunks().stream().mapToLong(RecordingChunks.Chunk::sizeBytes).sum();
    return RecordingChunks.wrong(
        chunks.file(),
        "does not fit into memory: it has "
            + (bytes >> 20)
            + " MiB, this JVM at most "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + "; start java with a larger -Xmx",
        cause);
  }

  private static RecordedJvm jvmOf(List<Loaded> parts) throws ReportException {
    IItemCollection items = ItemCollectionToolkit.merge(() -> parts.stream().map(Loaded::items));
    Loaded first = parts.get(0);
    if (!hasDioEvents(items)) {
      throw RecordingChunks.wrong(
          first.chunks().file(),
          "has no event of dio-agent: the agent was not in that JVM, or its events were disabled");
    }
    Row jvm = first.jvmInformation();
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    List<String> files = new ArrayList<>();
    for (Loaded part : parts) {
      files.add(VisibleText.line(part.chunks().file().toString()));
      for (RecordingChunks.Chunk chunk : part.chunks().chunks()) {
        start = Math.min(start, chunk.startNanos());
        end = Math.max(end, chunk.endNanos());
      }
    }
    return new RecordedJvm(
        List.copyOf(files),
        jvm == null ? null : Long.toString(jvm.number("pid")),
        jvm == null ? null : VisibleText.line(jvm.text("jvmVersion")),
        start,
        end,
        items);
  }

  private static boolean hasDioEvents(IItemCollection items) {
    return items.stream()
        .anyMatch(
            events ->
                events.getType().getIdentifier().startsWith(EVENT_PREFIX) && events.hasItems());
  }

  private static Row first(IItemCollection items, String type) {
    for (IItemIterable events : items) {
      if (events.getType().getIdentifier().equals(type)) {
        for (IItem item : events) {
          return Row.Type.of(events).row(item);
        }
      }
    }
    return null;
  }
}
