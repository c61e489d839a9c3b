package io.dioagent.bench.work;

import io.dioagent.events.Write;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** The JFR recording during a measurement. */
public enum Recorded {
  /** No recording. */
  NOTHING {
    @Override
    Map<String, String> settings() {
      return Map.of();
    }
  },

  /** The JDK's default settings, and the events of dio-agent that are enabled by default. */
  DEFAULT {
    @Override
    Map<String, String> settings() throws IOException, ParseException {
      return Configuration.getConfiguration("default").getSettings();
    }
  },

  /** The default settings and dio.jfc, which records every write. */
  EVERYTHING {
    @Override
    Map<String, String> settings() throws IOException, ParseException {
      Map<String, String> settings = new HashMap<>(DEFAULT.settings());
      try (Reader dio =
          new InputStreamReader(
              Write.class.getResourceAsStream("dio.jfc"), StandardCharsets.UTF_8)) {
        settings.putAll(Configuration.create(dio).getSettings());
      }
      return settings;
    }
  };

  abstract Map<String, String> settings() throws IOException, ParseException;

  /** Starts the recording; closing ends it. */
  Recording start() throws IOException {
    Recording recording = new Recording();
    try {
      Map<String, String> settings = settings();
      if (!settings.isEmpty()) {
        recording.setSettings(settings);
        recording.start();
      }
      return recording;
    } catch (ParseException e) {
      recording.close();
      throw new IOException(e);
    }
  }
}
