package io.dioagent.jmc.rules;

import io.dioagent.events.DioEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.RunnableFuture;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;

/** Makes recordings of the event classes in this JVM, and reads them with JMC's loader. */
final class TestRecording {
  private TestRecording() {}

  /** Applies a rule to events that are recorded with the settings of {@code dio.jfc}. */
  static IResult judge(IRule rule, Runnable events) {
    return judge(rule, IPreferenceValueProvider.DEFAULT_VALUES, settings -> {}, events);
  }

  /** Does the same with other preferences and settings. */
  static IResult judge(
      IRule rule,
      IPreferenceValueProvider preferences,
      Consumer<Recording> settings,
      Runnable events) {
    try {
      RunnableFuture<IResult> evaluation =
          rule.createEvaluation(load(settings, events), preferences, null);
      evaluation.run();
      return evaluation.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Records events with the settings of {@code dio.jfc}. */
  static IItemCollection load(Runnable events) {
    return load(settings -> {}, events);
  }

  private static IItemCollection load(Consumer<Recording> settings, Runnable events) {
    try {
      Path file = Files.createTempFile("rules", ".jfr");
      try {
        record(settings, events, file);
        return JfrLoaderToolkit.loadEvents(file.toFile());
      } finally {
        Files.delete(file);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Records events into a file. */
  static void record(Consumer<Recording> settings, Runnable events, Path file) throws Exception {
    DioEvents.all().forEach(FlightRecorder::register);
    try (Recording recording = new Recording(DioEvents.configuration())) {
      // Records the settings of each event, which recordings of applications always have.
      recording.enable("jdk.ActiveSetting");
      settings.accept(recording);
      recording.start();
      events.run();
      recording.stop();
      recording.dump(file);
    }
  }
}
