package io.dioagent.agent.apps;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/** Another agent, which weaves the JDK's dispatcher by a Byte Buddy of its own. */
public final class WeavingAgent {
  private WeavingAgent() {}

  /** Called by the JVM. */
  public static void premain(String options, Instrumentation instrumentation) {
    new AgentBuilder.Default()
        .disableClassFormatChanges()
        .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
        .ignore(ElementMatchers.none())
        .type(
            ElementMatchers.named("sun.nio.ch.FileDispatcherImpl")
                .or(ElementMatchers.named("sun.nio.ch.UnixFileDispatcherImpl")))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(Advice.to(Seen.class).on(ElementMatchers.named("write"))))
        .installOn(instrumentation);
  }

  /** Shows that a write came this way. */
  static final class Seen {
    private Seen() {}

    @Advice.OnMethodEnter
    static void enter() {
      System.setProperty("weaving.agent", "saw-a-write");
    }
  }
}
