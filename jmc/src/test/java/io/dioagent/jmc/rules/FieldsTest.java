package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Name;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.common.item.ICanonicalAccessorFactory;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;

/** Checks that the rules read fields by the names and kinds of the event classes. */
class FieldsTest {
  private static IItemCollection recording;

  @BeforeAll
  static void record() {
    recording = TestRecording.load(new EachEvent());
  }

  @Test
  void eachKindIsAnEventAndEachEventAKind() {
    Set<String> events =
        DioEvents.all().stream()
            .map(type -> type.getAnnotation(Name.class).value())
            .collect(Collectors.toSet());
    Set<String> kinds =
        Arrays.stream(EventKind.values()).map(EventKind::id).collect(Collectors.toSet());
    assertEquals(events, kinds);
  }

  static Stream<Field> fields() {
    return Arrays.stream(Fields.class.getDeclaredFields()).filter(field -> !field.isSynthetic());
  }

  /** Looks for a field of that name by reflection on the classes. */
  @ParameterizedTest
  @MethodSource("fields")
  void someEventClassHasIt(Field field) throws Exception {
    String name = factory(field).getIdentifier();
    assertTrue(
        DioEvents.all().stream()
            .flatMap(type -> Arrays.stream(type.getFields()))
            .anyMatch(declared -> declared.getName().equals(name)),
        name);
  }

  /** Lets JMC read a field of that kind in each event that has a field of that name. */
  @ParameterizedTest
  @MethodSource("fields")
  void jmcReadsItAsThatKind(Field field) throws Exception {
    ICanonicalAccessorFactory<?> factory = factory(field);
    List<String> having = new ArrayList<>();
    for (IItemIterable lane : recording) {
      boolean named =
          lane.getType().getIdentifier().startsWith(EventKind.PREFIX)
              && lane.getType().getAccessorKeys().keySet().stream()
                  .anyMatch(key -> key.getIdentifier().equals(factory.getIdentifier()));
      if (named) {
        having.add(lane.getType().getIdentifier());
        assertTrue(
            factory.getAccessor(lane.getType()) != null,
            factory.getIdentifier() + " of " + lane.getType().getIdentifier());
      }
    }
    assertFalse(having.isEmpty(), factory.getIdentifier());
  }

  private static ICanonicalAccessorFactory<?> factory(Field field) throws Exception {
    return (ICanonicalAccessorFactory<?>) field.get(null);
  }
}
