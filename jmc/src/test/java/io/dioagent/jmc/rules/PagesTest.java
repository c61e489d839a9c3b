package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.common.item.IAccessorKey;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IType;
import org.openjdk.jmc.common.item.PersistableItemFilter;
import org.openjdk.jmc.common.unit.LinearKindOfQuantity;
import org.openjdk.jmc.common.util.StateToolkit;
import org.openjdk.jmc.common.util.StatefulState;
import org.openjdk.jmc.flightrecorder.rules.IRule;

/**
 * Checks that the pages are as the application expects them. They are read as the application reads
 * them (PageExtensionReader, PageManager). Their names are those that the factory of pages of any
 * events knows (ItemHandlerPage, HistogramSettingsTree, TableSettings, ItemChart). Their fields are
 * fields of the events.
 */
class PagesTest {
  private static final String FACTORY = "org.openjdk.jmc.flightrecorder.ui.itemhandler";
  private static final Set<String> STATE_CHILDREN =
      Set.of("pageFilter", "topic", "listAndChart", "histogram");

  private static final Set<String> HISTOGRAM_COLUMNS =
      Set.of("itemhistogram.key", "itemhistogram.count");

  private static IItemCollection recording;

  @BeforeAll
  static void record() {
    recording = TestRecording.load(new EachEvent());
  }

  private static StatefulState read() throws Exception {
    try (InputStream in = PagesTest.class.getResourceAsStream("/pages.xml");
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return StatefulState.create(
          state -> {
            try {
              StateToolkit.saveXMLDocumentTo(reader, state);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  static List<StatefulState> pages() throws Exception {
    List<StatefulState> pages = new ArrayList<>();
    addPages(read(), pages);
    return pages;
  }

  private static void addPages(StatefulState parent, List<StatefulState> pages) {
    for (StatefulState page : parent.getChildren("page")) {
      pages.add(page);
      addPages(page, pages);
    }
  }

  @Test
  void oneTree() throws Exception {
    StatefulState root = read();
    assertEquals(1, root.getChildren().length);
    assertEquals("Direct I/O", name(root.getChild("page")));
    assertEquals(
        List.of("Files", "Latency", "Completions", "Faults"),
        Arrays.stream(root.getChild("page").getChildren("page")).map(PagesTest::name).toList());
    Set<String> ids =
        pages().stream().map(page -> page.getAttribute("id")).collect(Collectors.toSet());
    assertEquals(pages().size(), ids.size());
  }

  private static String name(StatefulState page) {
    return page.getChild("state").getAttribute("name");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasOnlyWhatTheApplicationReads(StatefulState page) {
    assertEquals(FACTORY, page.getAttribute("factory"));
    assertEquals(Set.of("id", "factory"), Set.of(page.getAttributeKeys()));
    StatefulState state = page.getChild("state");
    assertEquals(Set.of("name", "description", "showFilter"), Set.of(state.getAttributeKeys()));
    for (StatefulState child : state.getChildren()) {
      assertTrue(STATE_CHILDREN.contains(child.getType()), child.getType());
    }
  }

  @Test
  void eachRuleIsOnThePageOfItsTopicAndOnTheOverview() throws Exception {
    Set<String> ofRules =
        DioRuleTest.rules().map(IRule::getTopic).collect(Collectors.toCollection(TreeSet::new));
    Set<String> ofPages = new TreeSet<>();
    for (StatefulState page : pages()) {
      Set<String> topics = topics(page);
      assertFalse(topics.isEmpty(), page.toString());
      ofPages.addAll(topics);
      String own = page.getAttribute("id").replace("io.dioagent.jmc", "io.dioagent.directio");
      assertTrue(topics.contains(own), topics::toString);
    }
    assertEquals(ofRules, ofPages);
    assertEquals(ofRules, topics(pages().get(0)));
  }

  private static Set<String> topics(StatefulState page) {
    return Arrays.stream(page.getChild("state").getChildren("topic"))
        .map(topic -> topic.getAttribute("value"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void showsExistingEvents(StatefulState page) {
    StatefulState filter = page.getChild("state").getChild("pageFilter");
    Set<String> named = new TreeSet<>();
    addTypes(filter, named);
    assertEquals(named, types(page).map(IType::getIdentifier).collect(Collectors.toSet()));
  }

  private static void addTypes(StatefulState filter, Set<String> types) {
    if (filter.getAttribute("type") != null) {
      types.add(filter.getAttribute("type"));
    }
    for (StatefulState part : filter.getChildren("filter")) {
      addTypes(part, types);
    }
  }

  /** Applies the page's filter, as JMC reads it, to a recording with each event. */
  private static Stream<IType<IItem>> types(StatefulState page) {
    StatefulState filter = page.getChild("state").getChild("pageFilter");
    return recording.apply(PersistableItemFilter.readFrom(filter)).stream()
        .filter(IItemIterable::hasItems)
        .map(IItemIterable::getType);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void groupsByACommonField(StatefulState page) {
    StatefulState histogram = page.getChild("state").getChild("histogram");
    if (histogram == null) {
      return;
    }
    String groupBy = histogram.getAttribute("groupBy");
    if (!page.getAttribute("id").endsWith("completions")) {
      assertTrue(
          types(page)
              .allMatch(
                  type ->
                      type.getAccessorKeys().keySet().stream()
                          .anyMatch(key -> key.getIdentifier().equals(groupBy))),
          groupBy);
    } else {
      // Those events have no common field except the fields of every event.
      assertEquals("(eventType)", groupBy);
    }
    StatefulState table = histogram.getChild("table");
    assertNotNull(table, "the application fails on a histogram without");
    Set<String> columns = columns(table);
    assertTrue(columns.contains(table.getAttribute("sortColumn")), columns::toString);
    Set<String> amounts = amounts(page);
    for (String column : columns) {
      assertTrue(
          HISTOGRAM_COLUMNS.contains(column)
              || amounts.contains(column.replaceFirst("^(SUM|AVG|MAX)", "")),
          column);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void listsAndChartsFieldsOfTheEvents(StatefulState page) {
    StatefulState listAndChart = page.getChild("state").getChild("listAndChart");
    if (listAndChart == null) {
      return;
    }
    Set<String> keys = keys(page).map(PagesTest::columnId).collect(Collectors.toSet());
    StatefulState list = listAndChart.getChild("listSettings");
    assertTrue(keys.containsAll(columns(list)), columns(list) + " of " + keys);
    assertTrue(columns(list).contains(list.getAttribute("sortColumn")));
    String lines = listAndChart.getChild("chartSettings").getAttribute("lineChartAttributes");
    assertTrue(amounts(page).containsAll(List.of(lines.split(",", -1))), lines);
  }

  private static Set<String> columns(StatefulState table) {
    return Arrays.stream(table.getChildren("column"))
        .map(column -> column.getAttribute("id"))
        .collect(Collectors.toSet());
  }

  /** Returns the fields that JMC can sum and chart. */
  private static Set<String> amounts(StatefulState page) {
    return keys(page)
        .filter(key -> key.getContentType() instanceof LinearKindOfQuantity)
        .map(PagesTest::columnId)
        .collect(Collectors.toSet());
  }

  private static Stream<IAccessorKey<?>> keys(StatefulState page) {
    return types(page).flatMap(type -> type.getAccessorKeys().keySet().stream());
  }

  private static String columnId(IAccessorKey<?> key) {
    return key.getIdentifier() + ":" + key.getContentType().getIdentifier();
  }
}
