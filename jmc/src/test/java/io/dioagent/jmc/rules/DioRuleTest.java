package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.RuleRegistry;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Checks each of dio-agent's rules, as JMC finds them. */
class DioRuleTest {

  static Stream<IRule> rules() {
    return RuleRegistry.getRules().stream()
        .filter(rule -> rule.getId().startsWith(EventKind.PREFIX));
  }

  @Test
  void jmcFindsEach() {
    List<String> ids = rules().map(IRule::getId).sorted().toList();
    assertEquals(
        List.of(
            "io.dioagent.BufferMemory",
            "io.dioagent.BufferedShare",
            "io.dioagent.CompletionErrors",
            "io.dioagent.DuplicateCompletions",
            "io.dioagent.InjectedFaults",
            "io.dioagent.LateCompletions",
            "io.dioagent.LostCompletions",
            "io.dioagent.PageCacheCollisions",
            "io.dioagent.QueueDepth",
            "io.dioagent.SlowDevice",
            "io.dioagent.SubmissionStalls",
            "io.dioagent.UnmatchedTags"),
        ids);
    Set<String> names = new HashSet<>(rules().map(IRule::getName).toList());
    assertEquals(ids.size(), names.size());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void recordingsWithoutDioAgentAreNotJudged(IRule rule) {
    IResult result = judge(rule, () -> {});
    assertEquals(Severity.NA, result.getSeverity());
    assertTrue(result.getSummary().contains("no events of dio-agent"), result.getSummary());
  }

  @Test
  void doesNotApplyWhileItsEventsAreOff() {
    IResult result =
        judge(
            new LostCompletionsRule(),
            IPreferenceValueProvider.DEFAULT_VALUES,
            settings -> settings.disable("io.dioagent.LostCompletion"),
            () -> Events.tagged("/data/f"));
    assertEquals(Severity.NA, result.getSeverity());
    assertTrue(result.getSummary().contains("io.dioagent.LostCompletion"), result.getSummary());
  }

  @Test
  void recordedTextStaysText() {
    String path = "/data/[x](javascript:alert)\n<b>/" + "long".repeat(200);
    IResult result =
        judge(new LostCompletionsRule(), () -> Events.lost(1, path, 0, "waiting\tfor"));
    assertTrue(result.getSummary().contains("/data/[x] (javascript:alert) <b>/long"));
    assertTrue(result.getSummary().length() < 600, result.getSummary());
    assertTrue(result.getExplanation().contains("waiting for"), result.getExplanation());
  }
}
