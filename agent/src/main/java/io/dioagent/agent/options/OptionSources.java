package io.dioagent.agent.options;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Splits each source into its options, in the order in which they were written.
 *
 * <p>From the strongest: agent options ({@code key=value,key=value}), system properties ({@code
 * dio.key}), environment ({@code DIO_KEY}), configuration file ({@code key=value} lines).
 */
final class OptionSources {
  static final String PROPERTY_PREFIX = "dio.";
  static final String ENVIRONMENT_PREFIX = "DIO_";

  private static final String AGENT_ORIGIN = "agent options";

  private OptionSources() {}

  /** The text after {@code -javaagent:JAR=}; null for none. */
  static List<GivenOption> agentOptions(String text) throws OptionException {
    List<GivenOption> settings = new ArrayList<>();
    if (text == null || text.isBlank()) {
      return settings;
    }
    for (String part : split(text)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new OptionException(
            "wrong option \""
                + part
                + "\" ("
                + AGENT_ORIGIN
                + "): expected key=value; a comma within a value is written as \\,");
      }
      settings.add(
          new GivenOption(
              part.substring(0, equals).strip(), part.substring(equals + 1).strip(), AGENT_ORIGIN));
    }
    return settings;
  }

  /** Reads system properties, sorted by name, because they have no order. */
  static List<GivenOption> systemProperties(Properties properties) {
    Map<String, String> sorted = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        sorted.put(name, properties.getProperty(name));
      }
    }
    List<GivenOption> settings = new ArrayList<>();
    for (Map.Entry<String, String> entry : sorted.entrySet()) {
      String name = entry.getKey();
      addEach(
          settings,
          name.substring(PROPERTY_PREFIX.length()),
          GivenText.restore(entry.getValue()),
          "system property " + name);
    }
    return settings;
  }

  /** Reads the options' variables; others that begin with DIO_ are ignored. */
  static List<GivenOption> environment(Map<String, String> environment) {
    List<GivenOption> settings = new ArrayList<>();
    for (OptionKey key : OptionKey.values()) {
      String value = environment.get(key.environmentName());
      if (value != null) {
        addEach(
            settings,
            key.key(),
            GivenText.restore(value),
            "environment variable " + key.environmentName());
      }
    }
    return settings;
  }

  /** Reads a file in the format of {@link Properties}, as UTF-8. */
  static List<GivenOption> file(GivenOption config) throws OptionException {
    List<GivenOption> settings = new ArrayList<>();
    String origin = "file " + config.value();
    Properties inOrder =
        new Properties() {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized Object put(Object key, Object value) {
            addEach(settings, (String) key, ((String) value).strip(), origin);
            return super.put(key, value);
          }
        };
    try (Reader reader =
        new InputStreamReader(new FileInputStream(config.value()), StandardCharsets.UTF_8)) {
      inOrder.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw config.wrong(
          "cannot be read, expected a properties file: " + e.getMessage().replace('\n', ' '));
    }
    return settings;
  }

  private static void addEach(List<GivenOption> settings, String key, String value, String origin) {
    OptionKey option = OptionKey.of(key);
    if (option == null || !option.repeatable()) {
      settings.add(new GivenOption(key, value.strip(), origin));
      return;
    }
    for (String part : split(value)) {
      settings.add(new GivenOption(key, part.strip(), origin));
    }
  }

  /** Splits at commas that are not within braces or brackets, nor after a backslash. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' && depth == 0) {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && depth > 0) {
        depth--;
      }
      part.append(c);
      if (c == '\\' && i + 1 < text.length()) {
        part.append(text.charAt(++i));
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
