package io.dioagent.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Frequency;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the conventions that readers of recordings, above all JMC, rely on in every event. */
class EventConventionsTest {

  /** Fixed, because other people's scripts, pages and rules use these names. */
  private static final Set<String> NAMES =
      Set.of(
          "LostCompletion",
          "LateCompletion",
          "DuplicateCompletion",
          "UnknownCompletion",
          "CompletionError",
          "BufferedFallback",
          "PageCacheCollision",
          "SubmissionStall",
          "Write",
          "Read",
          "Force",
          "TaggedFile",
          "FaultInjected",
          "InFlight",
          "RuntimeStatistics",
          "AgentConfiguration");

  private static final Set<String> WITH_STACK = Set.of("CompletionError", "SubmissionStall");
  private static final Set<String> WITH_DURATION = Set.of("Write", "Read", "Force");
  private static final Map<String, String> PERIODS =
      Map.of("RuntimeStatistics", "1 s", "InFlight", "1 s", "AgentConfiguration", "everyChunk");

  /** Events that are not about a single request. */
  private static final Set<String> WITHOUT_REQUEST =
      Set.of("Force", "TaggedFile", "RuntimeStatistics", "AgentConfiguration");

  private record Shape(Class<?> type, String label) {}

  /** One spelling, type and label for each field that several events have. */
  private static final Map<String, Shape> COMMON =
      Map.of(
          "requestId", new Shape(long.class, "Request Id"),
          "path", new Shape(String.class, "Path"),
          "offset", new Shape(long.class, "Offset"),
          "length", new Shape(long.class, "Length"),
          "result", new Shape(long.class, "Result"),
          "errno", new Shape(int.class, "Error Number"),
          "errnoName", new Shape(String.class, "Error"),
          "reason", new Shape(String.class, "Reason"),
          "ageNanos", new Shape(long.class, "Age"));

  private static final Set<String> OTHER_SPELLINGS =
      Set.of(
          "id",
          "request",
          "file",
          "fileName",
          "filename",
          "position",
          "pos",
          "size",
          "count",
          "bytes",
          "lengthBytes",
          "res",
          "error",
          "errorCode",
          "code",
          "errorName",
          "message",
          "why",
          "cause",
          "age",
          "deadline",
          "duration",
          "startTime",
          "stackTrace",
          "eventThread");

  static List<Class<? extends Event>> events() {
    return DioEvents.all();
  }

  @Test
  void namesAreFixed() {
    assertEquals(
        new TreeSet<>(NAMES),
        events().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));
    assertEquals(NAMES.size(), events().size());
  }

  @Test
  void everyEventClassIsListed() throws Exception {
    Path classes = Path.of(Write.class.getResource("Write.class").toURI()).getParent();
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type =
              Class.forName("io.dioagent.events." + name.substring(0, name.length() - 6));
          if (Event.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
            found.add(type.getSimpleName());
          }
        }
      }
    }
    assertEquals(new TreeSet<>(NAMES), found);
  }

  @Test
  void labelsAreUnique() {
    Set<String> labels = new HashSet<>();
    for (Class<? extends Event> type : events()) {
      assertTrue(labels.add(EventType.getEventType(type).getLabel()), type.getName());
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void classIsNamedLabelledAndDescribed(Class<? extends Event> type) {
    assertTrue(Modifier.isPublic(type.getModifiers()) && Modifier.isFinal(type.getModifiers()));
    assertEquals("io.dioagent." + type.getSimpleName(), type.getAnnotation(Name.class).value());
    assertText(type.getAnnotation(Label.class).value());
    assertText(type.getAnnotation(Description.class).value());
    assertEquals(List.of("Direct I/O"), Arrays.asList(type.getAnnotation(Category.class).value()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void defaultSettings(Class<? extends Event> type) {
    String name = type.getSimpleName();
    assertTrue(type.getAnnotation(Enabled.class).value(), "inherited from Event");
    assertTrue(type.getAnnotation(Registered.class).value(), "inherited from Event");
    StackTrace stackTrace = type.getAnnotation(StackTrace.class);
    assertNotNull(stackTrace, "a stack costs 1 to 3 us, so each event states its choice");
    assertEquals(WITH_STACK.contains(name), stackTrace.value());
    Threshold threshold = type.getAnnotation(Threshold.class);
    assertEquals(WITH_DURATION.contains(name) ? "10 ms" : null, value(threshold));
    Period period = type.getAnnotation(Period.class);
    assertEquals(PERIODS.get(name), period == null ? null : period.value());
  }

  @ParameterizedTest
  @MethodSource("events")
  void fieldsAreLabelledAndHaveUnits(Class<? extends Event> type) {
    assertTrue(fields(type).size() >= 3, "fields of " + type);
    Set<String> labels = new HashSet<>();
    for (Field field : fields(type)) {
      String where = type.getSimpleName() + "." + field.getName();
      assertTrue(Modifier.isPublic(field.getModifiers()), where);
      assertFalse(Modifier.isStatic(field.getModifiers()), where);
      Label label = field.getAnnotation(Label.class);
      assertNotNull(label, where);
      assertText(label.value());
      assertTrue(labels.add(label.value()), "label twice: " + where);
      Description description = field.getAnnotation(Description.class);
      if (description != null) {
        assertText(description.value());
      }
      assertUnit(field, where);
    }
  }

  private static void assertUnit(Field field, String where) {
    Class<?> type = field.getType();
    assertTrue(
        Set.of(long.class, int.class, double.class, boolean.class, String.class).contains(type),
        where);
    boolean dataAmount = field.isAnnotationPresent(DataAmount.class);
    boolean timespan = field.isAnnotationPresent(Timespan.class);
    boolean id = field.isAnnotationPresent(RequestId.class);
    int units = (dataAmount ? 1 : 0) + (timespan ? 1 : 0) + (id ? 1 : 0);
    assertEquals(type == long.class ? 1 : dataAmount ? 1 : 0, units, "JMC needs one: " + where);
    assertFalse(dataAmount && field.isAnnotationPresent(Frequency.class), "JMC shows Hz: " + where);
    if (dataAmount) {
      assertEquals(DataAmount.BYTES, field.getAnnotation(DataAmount.class).value(), where);
    }
    if (timespan) {
      assertEquals(Timespan.NANOSECONDS, field.getAnnotation(Timespan.class).value(), where);
    }
    assertEquals(timespan, field.getName().endsWith("Nanos"), where);
    assertEquals(id, field.getName().equals("requestId"), where);
    if (field.getName().contains("Bytes")) {
      assertTrue(dataAmount, where);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void commonFieldsHaveOneSpelling(Class<? extends Event> type) {
    List<String> names = fields(type).stream().map(Field::getName).toList();
    for (Field field : fields(type)) {
      String where = type.getSimpleName() + "." + field.getName();
      assertFalse(OTHER_SPELLINGS.contains(field.getName()), where);
      Shape shape = COMMON.get(field.getName());
      if (shape != null) {
        assertEquals(shape.type(), field.getType(), where);
        assertEquals(shape.label(), field.getAnnotation(Label.class).value(), where);
      }
    }
    assertEquals(names.contains("errno"), names.contains("errnoName"), "errno with its name");
    if (names.contains("result")) {
      assertTrue(names.contains("errno"), "result without errno");
    }
    String name = type.getSimpleName();
    if (name.equals("UnknownCompletion")) {
      assertEquals("requestId", names.get(0));
    } else if (WITHOUT_REQUEST.contains(name)) {
      assertFalse(names.contains("requestId"), name);
    } else {
      List<String> last = names.subList(names.size() - 4, names.size());
      assertEquals(List.of("requestId", "path", "offset", "length"), last);
    }
  }

  /** JFR silently drops fields that it does not support, such as fields of other types. */
  @ParameterizedTest
  @MethodSource("events")
  void flightRecorderSeesAllFields(Class<? extends Event> type) {
    List<String> seen = new ArrayList<>();
    for (ValueDescriptor field : EventType.getEventType(type).getFields()) {
      seen.add(field.getName());
    }
    List<String> declared = fields(type).stream().map(Field::getName).toList();
    assertEquals(
        declared, seen.subList(seen.size() - declared.size(), seen.size()), type.getSimpleName());
  }

  /** The fields in the order in which JFR lists them: an event's own before inherited ones. */
  private static List<Field> fields(Class<? extends Event> type) {
    return Stream.<Class<?>>iterate(type, one -> one != Event.class, Class::getSuperclass)
        .flatMap(one -> Arrays.stream(one.getDeclaredFields()))
        .filter(field -> !field.isSynthetic())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .toList();
  }

  private static String value(Threshold threshold) {
    return threshold == null ? null : threshold.value();
  }

  private static void assertText(String text) {
    assertFalse(text.isBlank());
    assertEquals(text.strip(), text);
    assertFalse(text.endsWith("."), "not a sentence: " + text);
  }
}
