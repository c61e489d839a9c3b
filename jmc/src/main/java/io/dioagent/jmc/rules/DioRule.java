package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Map;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.common.util.TypedPreference;
import org.openjdk.jmc.flightrecorder.rules.AbstractRule;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IResultValueProvider;
import org.openjdk.jmc.flightrecorder.rules.ResultBuilder;

/**
 * A rule about direct I/O. It is not applicable to recordings without events of ours, and to those
 * that were told not to have the events it judges by. Stateless but for what the base class keeps.
 *
 * <p>JMC lets a rule require events, but knows only whether there are some; here that there are
 * none is the good case.
 */
abstract class DioRule extends AbstractRule {
  private final List<EventKind> evidence;

  /**
   * A rule.
   *
   * @param id the rule's own, without the prefix that all have
   * @param name for people
   * @param topic one of {@link Topics}
   * @param preferences what can be set in JMC
   * @param evidence events that have to be on, or the rule would be blind
   */
  DioRule(
      String id,
      String name,
      String topic,
      List<TypedPreference<?>> preferences,
      EventKind... evidence) {
    super(EventKind.PREFIX + id, name, topic, preferences, List.of(), Map.of());
    this.evidence = List.of(evidence);
  }

  /** Judges a recording that has events of ours. */
  abstract Finding find(DioRecording recording, IPreferenceValueProvider preferences);

  @Override
  protected IResult getResult(
      IItemCollection items, IPreferenceValueProvider preferences, IResultValueProvider results) {
    Finding finding = judge(new DioRecording(items), preferences);
    return ResultBuilder.createFor(this, preferences)
        .setSeverity(finding.severity())
        .setSummary(finding.summary())
        .setExplanation(finding.explanation())
        .setSolution(finding.solution())
        .build();
  }

  private Finding judge(DioRecording recording, IPreferenceValueProvider preferences) {
    if (!recording.isOurs()) {
      return Finding.notApplicable("The recording has no events of dio-agent.");
    }
    for (EventKind kind : evidence) {
      if (recording.isOff(kind)) {
        return Finding.notApplicable(
            "The recording's settings turn " + kind.id() + " off; dio.jfc has it on.");
      }
    }
    return find(recording, preferences);
  }
}
