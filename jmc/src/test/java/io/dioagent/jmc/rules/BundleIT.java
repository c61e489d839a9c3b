package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.RunnableFuture;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IResultValueProvider;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleWiring;
import org.owasp.encoder.Encode;

/**
 * Tests the packaged jar as a bundle, beside JMC's own bundles, in the framework of the
 * application. The bundle is resolved. Its rules are found as the application finds them: by the
 * service loader on the bundle's class loader, as in ExtensionRuleProvider. They judge a recording.
 */
class BundleIT {
  /** JMC's bundles and those that they require, each by one of its classes. */
  private static final List<Class<?>> BESIDE =
      List.of(
          Encode.class,
          LZ4Factory.class,
          IItemCollection.class,
          JfrLoaderToolkit.class,
          IRule.class);

  @TempDir static Path directory;

  private static Framework framework;
  private static Bundle bundle;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> configuration = new HashMap<>();
    configuration.put(Constants.FRAMEWORK_STORAGE, directory.resolve("osgi").toString());
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(configuration);
    framework.start();
    BundleContext context = framework.getBundleContext();
    for (Class<?> type : BESIDE) {
      context.installBundle(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }
    bundle =
        context.installBundle(Path.of(System.getProperty("dio.test.jmc.jar")).toUri().toString());
  }

  @AfterAll
  static void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test
  void isResolved() throws Exception {
    bundle.start(); // Throws an exception that names what is missing.
    assertEquals(Bundle.ACTIVE, bundle.getState());
    assertEquals("io.dioagent.jmc", bundle.getSymbolicName());
    assertTrue(
        bundle.getHeaders().get(Constants.BUNDLE_SYMBOLICNAME).endsWith("singleton:=true"),
        "otherwise the registry ignores its extensions");
    assertNotNull(bundle.getEntry("plugin.xml"));
    assertNotNull(bundle.getEntry("pages.xml"));
  }

  @Test
  void itsRulesJudgeInside() throws Exception {
    Path recording = directory.resolve("recording.jfr");
    TestRecording.record(
        settings -> {},
        () -> {
          new EachEvent().run();
          Events.lost(1, "/data/f", 4096, "waiting for the completion");
          Events.option("tag", "/elsewhere/**");
        },
        recording);
    Inside inside = new Inside(bundle);
    Map<String, String> results = inside.judge(recording.toFile());
    assertEquals(
        DioRuleTest.rules().map(IRule::getId).sorted().toList(), List.copyOf(results.keySet()));
    assertTrue(results.get("io.dioagent.LostCompletions").contains("/data/f at offset 4096"));
    results.forEach((id, summary) -> assertFalse(summary.isEmpty(), id));
  }

  /** JMC's classes inside the framework, which are not this test's own. */
  private static final class Inside {
    private final ClassLoader loader;
    private final Class<?> rule;

    Inside(Bundle bundle) throws Exception {
      bundle.start();
      loader = bundle.adapt(BundleWiring.class).getClassLoader();
      rule = loader.loadClass(IRule.class.getName());
      assertFalse(rule == IRule.class, "not inside");
    }

    /** Returns the summaries by the rules' ids. */
    Map<String, String> judge(File recording) throws Exception {
      Class<?> toolkit = loader.loadClass(JfrLoaderToolkit.class.getName());
      Object items = toolkit.getMethod("loadEvents", File.class).invoke(null, recording);
      Class<?> preferences = loader.loadClass(IPreferenceValueProvider.class.getName());
      Object defaults = preferences.getField("DEFAULT_VALUES").get(null);
      Map<String, String> summaries = new TreeMap<>();
      for (Object found : rules()) {
        RunnableFuture<?> evaluation =
            (RunnableFuture<?>)
                rule.getMethod(
                        "createEvaluation",
                        loader.loadClass(IItemCollection.class.getName()),
                        preferences,
                        loader.loadClass(IResultValueProvider.class.getName()))
                    .invoke(found, items, defaults, null);
        evaluation.run();
        Class<?> result = loader.loadClass(IResult.class.getName());
        summaries.put(
            (String) rule.getMethod("getId").invoke(found),
            (String) result.getMethod("getSummary").invoke(evaluation.get()));
      }
      return summaries;
    }

    private List<Object> rules() {
      List<Object> rules = new ArrayList<>();
      ServiceLoader.load(rule, loader).forEach(rules::add);
      return rules;
    }
  }
}
