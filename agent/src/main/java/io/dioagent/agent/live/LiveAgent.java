package io.dioagent.agent.live;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.CallerRights;
import io.dioagent.agent.management.DirectIoMXBean;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.OptionException;
import io.dioagent.agent.options.PolicyOptions;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The agent as it runs in this JVM. Thread-safe. */
public final class LiveAgent implements Supplier<List<Setting>> {
  // The settings' keys and source of counts; the module jmc looks for these words.
  private static final String FILES_OF = "files of ";
  private static final String COUNTED = "counted";

  private static final String FAULT = "fault";

  private final String version;
  private final Mode mode;
  private final DirectRuntime runtime;
  private final EventSink events;
  private final List<TagRule> tags;
  private final AnomalyLog log;
  private final HeldThreads held;

  /** Immutable lists; written under the monitor. */
  private volatile List<Setting> settings;

  /**
   * Creates an agent that is about to start.
   *
   * @param version of its jar
   * @param settings all options in effect, and the engine in use
   */
  public LiveAgent(
      String version,
      Mode mode,
      DirectRuntime runtime,
      EventSink events,
      List<TagRule> tags,
      List<Setting> settings) {
    this.version = version;
    this.mode = mode;
    this.runtime = runtime;
    this.events = events;
    this.tags = List.copyOf(tags);
    this.settings = List.copyOf(settings);
    held = new HeldThreads(this.tags);
    log = new AnomalyLog(settings.stream().anyMatch(setting -> setting.key().equals(FAULT)));
  }

  /** Returns the version of its jar. */
  public String version() {
    return version;
  }

  /** Returns whether it redirects or observes. */
  public Mode mode() {
    return mode;
  }

  /** Returns the runtime, which does the I/O. */
  public DirectRuntime runtime() {
    return runtime;
  }

  /** Returns the tags, with their current policies. */
  public List<TagRule> tags() {
    return tags;
  }

  /** Returns all options in effect now, and the engine in use. */
  public List<Setting> settings() {
    return settings;
  }

  /** Returns the settings and each tag's number of files, in the form for recordings. */
  @Override
  public List<Setting> get() {
    List<Setting> all = new ArrayList<>(settings);
    for (TagRule tag : tags) {
      all.add(new Setting(FILES_OF + tag.name(), Long.toString(tag.files()), COUNTED));
    }
    return all;
  }

  /**
   * Returns the requests in flight, and calls of the JDK that the kernel is known to hold, the
   * oldest first.
   */
  List<InFlightRequest> inFlight() {
    return Stream.concat(runtime.inFlight().stream(), CallerRights.asAgent(held::rows).stream())
        .sorted(Comparator.comparingLong(InFlightRequest::ageNanos).reversed())
        .toList();
  }

  /** Looks for calls of the JDK that the kernel holds, for {@link #inFlight}. */
  void lookForHeld() {
    List<InFlightRequest> unused = held.look();
  }

  /** Returns the paths of tags that are open in this process, whether it has used them or not. */
  SortedSet<String> openPaths() {
    return OpenDescriptor.paths(path -> TagRule.of(path, tags) != null);
  }

  /**
   * Logs the threads that the kernel holds already, before any operation of the agent. Takes as
   * long as two looks.
   */
  public void logHeld() {
    for (InFlightRequest row : held.look()) {
      AgentLog.warn(
          "thread \""
              + row.submitter().getName()
              + "\" hangs in a "
              + row.operation()
              + " of "
              + row.request().path()
              + (row.request().offset() < 0 ? "" : " at " + row.request().offset())
              + ": waiting for "
              + row.waitingFor()
              + "; the agent cannot release it");
    }
  }

  /** Writes anomalies to the log from now on. */
  public void logAnomalies() {
    log.start();
    runtime.listen(log);
  }

  /** Stops writing anomalies to the log. */
  public void stopLogging() {
    runtime.listen(null);
    log.end();
  }

  /** Sets a listener for anomalies beside the log; null for none. */
  void alsoNotify(AnomalyListener listener) {
    log.passTo(listener);
  }

  /** Adds the settings to recordings from now on. */
  public void publishSettings() {
    events.inFlightFrom(this::inFlight);
    events.configurationFrom(this);
  }

  /** Removes them from later recordings. */
  public void withdrawSettings() {
    events.configurationFrom(null);
  }

  /**
   * Changes an option of a tag, as {@link DirectIoMXBean#changeTag}.
   *
   * @throws OptionException if there is no such tag, or if key or value is wrong; nothing has
   *     changed then
   */
  synchronized void changeTag(String tag, String key, String value) throws OptionException {
    Setting changed = PolicyOptions.change(tags, tag, key, value);
    List<Setting> now = new ArrayList<>(settings);
    now.removeIf(setting -> setting.key().equals(changed.key()));
    now.add(changed);
    settings = List.copyOf(now);
  }
}
