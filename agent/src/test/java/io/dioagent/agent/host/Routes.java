package io.dioagent.agent.host;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.module.ResolvedModule;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Tries ways from an application into the agent, each as far as possible. Prints "open NAME" for
 * each that goes through.
 */
final class Routes {
  /** Classes that the agent shares with the application's module. */
  static final List<String> BOOTSTRAP =
      List.of(
          "AgentBoot",
          "AgentJar",
          "AgentLayer",
          "Causes",
          "JnaConstants",
          "LoadedAgent",
          "Main",
          "NestedModule",
          "NestedModuleFinder",
          "SupportedPlatform");

  /** Exported to all: interfaces only. */
  private static final String MANAGEMENT = "io.dioagent.agent.management";

  private static final Module OWN = Routes.class.getModule();
  private static final Module BASE = Object.class.getModule();

  private final ObjectGraph graph;
  private final Path otherJar;

  Routes(ObjectGraph graph, Path otherJar) {
    this.graph = graph;
    this.otherJar = otherJar;
  }

  /**
   * Tries all.
   *
   * @param opened packages of java.base that are open to the application by its own flags
   */
  void tryAll(Set<String> opened) throws Exception {
    for (String name : BASE.getPackages()) {
      if (BASE.isOpen(name, OWN) && !opened.contains(name)) {
        open("java.base/" + name);
      }
    }
    for (ModuleLayer layer : graph.layers()) {
      for (Module module : layer.modules()) {
        packages(module);
      }
      classes(layer);
      nativeCode(layer);
      systemCall(layer);
      instrumentationOfTheMBean(layer);
      otherClasses(layer);
      provider(layer);
    }
    controller();
    command("detach");
    command("tag=/tmp/none/**");
  }

  private static void open(String route) {
    System.out.println("open " + route);
  }

  /** What is exported or open to this class, and to a layer's module that could be made. */
  private static void packages(Module module) {
    for (String name : module.getPackages()) {
      if (module.isOpen(name, OWN) || (module.isExported(name, OWN) && !name.equals(MANAGEMENT))) {
        open("package " + module.getName() + "/" + name);
      }
    }
    try {
      Module unused = module.addOpens(module.getPackages().iterator().next(), OWN);
      open("addOpens " + module.getName());
    } catch (IllegalCallerException e) {
      return;
    }
  }

  /** Each class of the agent's modules, by the loader that any object of theirs leads to. */
  private static void classes(ModuleLayer layer) throws IOException {
    int met = 0;
    for (ResolvedModule module : layer.configuration().modules()) {
      String prefix = "dio-agent/" + module.name() + "/";
      ClassLoader loader = layer.findLoader(module.name());
      try (ZipFile jar = new ZipFile(new File(module.reference().location().orElseThrow()))) {
        for (ZipEntry entry : jar.stream().toList()) {
          String name = entry.getName();
          if (name.startsWith(prefix)
              && name.endsWith(".classdata")
              && !name.contains("module-info")) {
            String inModule =
                name.substring(prefix.length(), name.length() - ".classdata".length());
            met += isMet(loader, inModule.replace('/', '.')) ? 1 : 0;
          }
        }
      }
    }
    System.out.println("met classes " + met);
  }

  private static boolean isMet(ClassLoader loader, String name) {
    try {
      Class<?> type = Class.forName(name, false, loader);
      for (Constructor<?> one : type.getDeclaredConstructors()) {
        if (one.trySetAccessible()) {
          open("constructor " + one);
        }
      }
      for (Method one : type.getDeclaredMethods()) {
        boolean harmless = type.isInterface() && type.getPackageName().equals(MANAGEMENT);
        if (!harmless && one.trySetAccessible()) {
          open("method " + one);
        }
      }
      for (Field one : type.getDeclaredFields()) {
        if (one.trySetAccessible()) {
          open("field " + one);
        }
      }
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false; // It needs a class that this JVM does not have.
    }
  }

  /** Memory of this process, by the agent's copy of JNA. */
  private static void nativeCode(ModuleLayer layer) throws ReflectiveOperationException {
    try {
      Class<?> jna = Class.forName("com.sun.jna.Native", true, layer.findLoader("com.sun.jna"));
      long address = (long) jna.getMethod("malloc", long.class).invoke(null, 16L);
      jna.getMethod("free", long.class).invoke(null, address);
      open("native");
    } catch (IllegalAccessException e) {
      return;
    }
  }

  /** A system call, by the runtime's class for the agent. */
  private static void systemCall(ModuleLayer layer) throws ReflectiveOperationException {
    try {
      Class<?> runtime =
          Class.forName(
              "io.dioagent.runtime.DirectRuntime", true, layer.findLoader("io.dioagent.runtime"));
      Object unused = runtime.getMethod("pathOf", int.class).invoke(null, 0);
      open("system call");
    } catch (IllegalAccessException e) {
      return;
    }
  }

  private static void instrumentationOfTheMBean(ModuleLayer layer)
      throws ReflectiveOperationException {
    Class<?> type =
        Class.forName(
            "io.dioagent.agent.live.Registration", false, layer.findLoader("io.dioagent.agent"));
    if (type.getDeclaredField("instrumentation").trySetAccessible()) {
      open("instrumentation of the MBean");
    }
  }

  /** Classes of the application's making, as the agent's: by its module's reader. */
  private void otherClasses(ModuleLayer layer) throws Exception {
    try (ZipFile other = new ZipFile(otherJar.toFile())) {
      for (Object shared : graph.ofBootstrap()) {
        for (Field field : shared.getClass().getDeclaredFields()) {
          setJar(field, shared, other);
        }
      }
      for (String name : BOOTSTRAP) {
        try {
          for (Field field : Class.forName("io.dioagent.agent.boot." + name).getDeclaredFields()) {
            setJar(field, null, other);
          }
        } catch (ClassNotFoundException e) {
          graph.add(e); // Of another version of the agent.
        }
      }
      Class<?> type =
          Class.forName("io.dioagent.agent.Foreign", false, layer.findLoader("io.dioagent.agent"));
      open("classes in " + type.getModule());
    } catch (ClassNotFoundException e) {
      return;
    }
  }

  private static void setJar(Field field, Object object, ZipFile jar) {
    if (field.getType() != ZipFile.class
        || Modifier.isStatic(field.getModifiers()) != (object == null)) {
      return;
    }
    try {
      field.setAccessible(true);
      field.set(object, jar);
    } catch (IllegalAccessException e) {
      System.out.println("final " + field);
    }
  }

  /** The entry that the bootstrap calls. */
  @SuppressWarnings("unchecked")
  private void provider(ModuleLayer layer) {
    int met = 0;
    for (Object provider : ServiceLoader.load(layer, BiFunction.class)) {
      met++;
      for (Instrumentation given : new Instrumentation[] {null, ownInstrumentation()}) {
        try {
          Object unused =
              ((BiFunction<Object, Object, Object>) provider).apply(given, new String[] {"stop"});
          open("provider");
        } catch (IllegalCallerException e) {
          graph.add(e);
        }
      }
    }
    System.out.println("met providers " + met);
  }

  private static Instrumentation ownInstrumentation() {
    return (Instrumentation)
        Proxy.newProxyInstance(
            Routes.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) ->
                method.getReturnType() == Class[].class ? new Class<?>[0] : null);
  }

  /** The layer's controller in the bootstrap's field, and the Instrumentation behind it. */
  private static void controller() throws ReflectiveOperationException {
    try {
      Field field = Class.forName("io.dioagent.agent.boot.AgentBoot").getDeclaredField("layer");
      field.setAccessible(true);
      Object layer = field.get(null);
      Field inLayer = layer.getClass().getDeclaredField("controller");
      inLayer.setAccessible(true);
      ModuleLayer.Controller controller = (ModuleLayer.Controller) inLayer.get(layer);
      open("controller");
      instrumentation(controller);
    } catch (NoSuchFieldException e) {
      return;
    }
  }

  private static void instrumentation(ModuleLayer.Controller controller)
      throws ReflectiveOperationException {
    Module agent = controller.layer().findModule("io.dioagent.agent").orElseThrow();
    for (String name : new String[] {"install", "weave"}) {
      controller.addOpens(agent, "io.dioagent.agent." + name, OWN);
    }
    Object installed =
        read(null, Class.forName(agent, "io.dioagent.agent.install.Installation"), "installed");
    Object weaver = read(installed, installed.getClass(), "weaver");
    Instrumentation found = (Instrumentation) read(weaver, weaver.getClass(), "instrumentation");
    found.redefineModule(
        BASE,
        Set.of(),
        java.util.Map.of(),
        java.util.Map.of("jdk.internal.access", Set.of(OWN)),
        Set.of(),
        java.util.Map.of());
    if (BASE.isOpen("jdk.internal.access", OWN)) {
      open("instrumentation");
    }
  }

  private static Object read(Object object, Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(object);
  }

  /** The entries that the JVM calls. */
  private static void command(String options) throws ReflectiveOperationException {
    Method agentmain =
        Class.forName("io.dioagent.agent.boot.AgentBoot")
            .getMethod("agentmain", String.class, Instrumentation.class);
    List<Instrumentation> given = new ArrayList<>();
    given.add(null);
    given.add(ownInstrumentation());
    Set<String> lines = new TreeSet<>();
    for (Instrumentation one : given) {
      try {
        Object unused = agentmain.invoke(null, options, one);
        open("command " + options);
      } catch (java.lang.reflect.InvocationTargetException e) {
        lines.add(e.getCause().toString());
        if (!(e.getCause() instanceof IllegalCallerException)) {
          open("command " + options + " (" + e.getCause() + ")");
        }
      }
    }
    lines.forEach(line -> System.out.println("refused " + line));
  }
}
