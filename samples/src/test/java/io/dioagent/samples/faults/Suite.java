package io.dioagent.samples.faults;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Gives each test a {@link Run}, closes it afterwards, and adds its row to the table. */
final class Suite implements ParameterResolver, AfterEachCallback, TestWatcher {
  private static final Namespace NAMESPACE = Namespace.create(Suite.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Run.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context).getOrComputeIfAbsent(Run.class, key -> new Run(), Run.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    run(context).close();
  }

  private static Run run(ExtensionContext context) {
    return store(context).get(Run.class, Run.class);
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    add(context, run(context).outcome());
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    add(context, FaultTable.SKIPPED + cause.getMessage().replace("Assumption failed: ", ""));
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    add(context, FaultTable.FAILED + Optional.ofNullable(cause.getMessage()).orElse("" + cause));
  }

  /** The name of a test is its layer. */
  private static Layer layer(ExtensionContext context) {
    return Layer.valueOf(context.getDisplayName().toUpperCase(Locale.ROOT));
  }

  private static void add(ExtensionContext context, String outcome) {
    String fault = context.getRequiredTestMethod().getAnnotation(Fault.class).value();
    Run run = run(context);
    FaultTable table =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(FaultTable.class, key -> new FaultTable(), FaultTable.class);
    table.add(new FaultTable.Row(fault, layer(context), outcome, run.account()));
  }
}
