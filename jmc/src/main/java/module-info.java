/**
 * Rules for JDK Mission Control, and the report. As a bundle in its application, or on a class
 * path, the same rules are found by {@code META-INF/services} and {@code plugin.xml}.
 */
module io.dioagent.jmc {
  requires com.google.gson;
  requires HdrHistogram;
  requires jdk.jfr;
  requires org.openjdk.jmc.common;
  requires org.openjdk.jmc.flightrecorder;
  requires org.openjdk.jmc.flightrecorder.rules;

  exports io.dioagent.jmc.report;

  // What is in the page is made of its records.
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
