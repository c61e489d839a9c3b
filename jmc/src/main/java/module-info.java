/**
 * Rules for JDK Mission Control, and the report. JMC finds the rules by {@code META-INF/services}
 * on a class path, and by {@code plugin.xml} in its application.
 */
module io.dioagent.jmc {
  requires com.google.gson;
  requires HdrHistogram;
  requires jdk.jfr;
  requires org.openjdk.jmc.common;
  requires org.openjdk.jmc.flightrecorder;
  requires org.openjdk.jmc.flightrecorder.rules;

  exports io.dioagent.jmc.report;

  // Gson makes the page's data of this package's records.
  opens io.dioagent.jmc.report to
      com.google.gson;

  uses org.openjdk.jmc.flightrecorder.rules.IRule;

  provides org.openjdk.jmc.flightrecorder.rules.IRule with
      io.dioagent.jmc.rules.BufferMemoryRule,
      io.dioagent.jmc.rules.BufferedShareRule,
      io.dioagent.jmc.rules.CompletionErrorsRule,
      io.dioagent.jmc.rules.DuplicateCompletionsRule,
      io.dioagent.jmc.rules.InjectedFaultsRule,
      io.dioagent.jmc.rules.LateCompletionsRule,
      io.dioagent.jmc.rules.LostCompletionsRule,
      io.dioagent.jmc.rules.PageCacheCollisionsRule,
      io.dioagent.jmc.rules.QueueDepthRule,
      io.dioagent.jmc.rules.SlowDeviceRule,
      io.dioagent.jmc.rules.SubmissionStallsRule,
      io.dioagent.jmc.rules.UnmatchedTagsRule;
}
