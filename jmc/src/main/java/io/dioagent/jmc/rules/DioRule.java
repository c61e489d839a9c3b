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
 * A rule about direct I/O. It is not applicable to recordings without events of dio-agent, nor to
 * recordings whose settings turn off the events that it judges by. Stateless except for the state
 * of the base class.
 *
 * <p>The rule does not use JMC's required events: they need events to be present, while here their
 * absence is the good case.
 */
abstract class DioRule extends AbstractRule {
  private final List<EventKind> evidence;

  /**
   * Creates a rule.
   *
   * @param id without the common prefix
   * @param name shown to the user
   * @param topic one of {@link Topics}
   * @param preferences that the user can set in JMC
   * @param evidence events that the rule judges by; the rule is not applicable if one is off
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

  /** Judges a recording that has events of dio-agent. */
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
    if (!recording.hasDioEvents()) {
      return Finding.notApplicable("The recording has no events of dio-agent.");
    }
    for (EventKind kind : evidence) {
      if (recording.isOff(kind)) {
        return Finding.notApplicable(
            "The recording's settings turn " + kind.id() + " off; dio.jfc turns it on.");
      }
    }
    return find(recording, preferences);
  }
}
