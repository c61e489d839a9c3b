package io.dioagent.agent.options;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultRule;
import java.util.ArrayList;
import java.util.List;

/**
 * All options of the operator, checked.
 *
 * @param mode the treatment of writes to tagged files
 * @param tags which files are tagged; the first that matches counts; at least one
 * @param excludes which files are not tagged, whatever the tags say
 * @param runtime sizes of the runtime
 * @param engine how writes get to the device
 * @param faults faults to inject; usually none
 * @param logLevel up to which level the agent logs
 * @param settings all options in effect and their sources, for the configuration event
 */
public record AgentOptions(
    Mode mode,
    List<TagRule> tags,
    List<Glob> excludes,
    RuntimeOptions runtime,
    EngineKind engine,
    List<FaultRule> faults,
    AgentLog.Level logLevel,
    List<Setting> settings) {

  /** Returns the options that were set other than by default, in one line. */
  public String describe() {
    StringBuilder set = new StringBuilder();
    for (Setting setting : settings) {
      if (!setting.source().equals(OptionParser.DEFAULT_SOURCE)) {
        set.append(set.length() == 0 ? "" : ",");
        set.append(setting.key()).append('=').append(setting.value());
      }
    }
    return set.toString();
  }

  /** Returns the same options with other globs, in the same order. */
  AgentOptions withGlobs(List<TagRule> newTags, List<Glob> newExcludes) {
    List<FaultRule> newFaults = new ArrayList<>();
    for (FaultRule fault : faults) {
      newFaults.add(FaultRule.parse(fault.toString(), TagRule.tagsOf(newTags)));
    }
    return new AgentOptions(
        mode, newTags, newExcludes, runtime, engine, List.copyOf(newFaults), logLevel, settings);
  }
}
