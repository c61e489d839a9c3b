package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Nothing that an application gets at leads to native code, or to packages that were not opened to
 * it by its own flags; and agents with a hole, made here, are found out.
 */
@Tag("host")
class EncapsulationIT {
  private static final String BOOT = "io/dioagent/agent/boot/";
  private static final String CONTROLLER = "java/lang/ModuleLayer$Controller";

  /** The packages that Spark, Cassandra and Ignite open to themselves. */
  private static final List<String> OPENED =
      List.of(
          "java.io",
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.misc",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.util.calendar");

  @TempDir Path directory;

  private JvmResult run(Path agent, List<String> opened) throws IOException {
    Path files = Files.createDirectories(directory.toRealPath().resolve("files"));
    AgentJvm jvm =
        AgentJvm.of(
                IntruderApp.class,
                files.toString(),
                foreignClass().toString(),
                String.join(",", opened))
            .agent(
                agent,
                "deadline=1s,fault=eio:path=/**/eio,fault=lose:path=/**/lost,tag=" + files + "/**");
    for (String name : opened) {
      jvm.jvm("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    if (AgentJvm.javaFeature() >= 24) {
      jvm.jvm("--illegal-native-access=deny");
    }
    JvmResult result = jvm.run().expectExit(0);
    assertTrue(result.outLines().contains("done"), result::toString);
    return result;
  }

  /** A class that would be the agent's, if its module came from this jar. */
  private Path foreignClass() throws IOException {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC,
        "io/dioagent/agent/Foreign",
        null,
        "java/lang/Object",
        null);
    writer.visitEnd();
    Path jar = directory.resolve("foreign.jar");
    Files.deleteIfExists(jar);
    try (FileSystem content = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Path entry =
          content.getPath("dio-agent/io.dioagent.agent/io/dioagent/agent/Foreign.classdata");
      Files.createDirectories(entry.getParent());
      Files.write(entry, writer.toByteArray());
    }
    return jar;
  }

  private static List<String> beginning(JvmResult result, String prefix) {
    return result.outLines().stream().filter(line -> line.startsWith(prefix)).toList();
  }

  private static void expectClosed(JvmResult result) {
    assertEquals(List.of(), beginning(result, "open "), result.err());
    List<String> missing =
        new ArrayList<>(
            List.of(
                "met exception io.dioagent.runtime.api.DirectIoException",
                "met frame io.dioagent.agent.hook.HandlerQueue",
                "met thread dio-",
                "met event io.dioagent.LostCompletion",
                "met loader ",
                "met layer ",
                "met class io.dioagent.runtime.api.DirectIoException",
                "met providers 1"));
    missing.removeIf(prefix -> !beginning(result, prefix).isEmpty());
    assertEquals(List.of(), missing, result::toString);
    String classes = beginning(result, "met classes ").get(0);
    int met = Integer.parseInt(classes.substring("met classes ".length()));
    assertTrue(met > 500, classes);
    List<String> refused = beginning(result, "refused ");
    assertEquals(2, refused.size(), result::toString);
    for (String line : refused) {
      assertTrue(line.contains("expected the JVM (by -javaagent, or by attaching)"), line);
    }
  }

  @Test
  void anApplicationGetsNoFurther() throws IOException {
    expectClosed(run(AgentJvm.agentJar(), List.of()));
  }

  @Test
  void norWithPackagesOpenedToIt() throws IOException {
    JvmResult result = run(AgentJvm.agentJar(), OPENED);
    expectClosed(result);
    // By the field of the hook that is open then.
    assertTrue(
        result.outLines().contains("met class io.dioagent.agent.hook.FileHook"), result::toString);
  }

  /** Seeded: the bootstrap keeps the controller of the layer. */
  @Test
  void aControllerThatIsLeftIsFound() throws IOException {
    Path jar =
        patched(
            "AgentLayer",
            new Patch(
                "<init>",
                null,
                method -> {
                  method.visitMethodInsn(
                      Opcodes.INVOKESTATIC,
                      "java/lang/System",
                      "getProperties",
                      "()Ljava/util/Properties;",
                      false);
                  method.visitLdcInsn("left");
                  method.visitVarInsn(Opcodes.ALOAD, 1);
                  method.visitMethodInsn(
                      Opcodes.INVOKEVIRTUAL,
                      "java/util/Properties",
                      "put",
                      "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
                      false);
                  method.visitInsn(Opcodes.POP);
                }));
    assertEquals(
        List.of("open leak " + CONTROLLER.replace('/', '.')),
        beginning(run(jar, List.of()), "open "));
  }

  /** Seeded: the modules keep the exports that they were built with. */
  @Test
  void modulesThatAreNotClosedAreFound() throws IOException {
    Path jar =
        patched(
            "AgentLayer",
            new Patch(
                "ofAgent",
                "closed",
                method -> {
                  method.visitInsn(Opcodes.POP);
                  method.visitMethodInsn(
                      Opcodes.INVOKESTATIC,
                      BOOT + "NestedModuleFinder",
                      "asBuilt",
                      "()L" + BOOT + "NestedModuleFinder;",
                      false);
                }));
    JvmResult result = run(jar, List.of());
    assertEquals(List.of("open native"), beginning(result, "open native"), result::toString);
    assertEquals(1, beginning(result, "open package com.sun.jna/com.sun.jna.ptr").size());
  }

  /**
   * A change of one method of the bootstrap.
   *
   * @param replaces the name of the method whose call the code replaces; null if it comes before
   *     the method returns
   */
  private record Patch(String method, String replaces, Consumer<MethodVisitor> code) {}

  /** A copy of the agent with another class in its bootstrap. */
  private Path patched(String type, Patch patch) throws IOException {
    Path jar = directory.resolve("patched.jar");
    Files.copy(AgentJvm.agentJar(), jar);
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      Path entry = content.getPath(BOOT + type + ".class");
      ClassReader reader = new ClassReader(Files.readAllBytes(entry));
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(
          new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
              MethodVisitor method = super.visitMethod(access, name, descriptor, signature, thrown);
              return name.equals(patch.method()) ? new Patched(method, patch) : method;
            }
          },
          0);
      Files.write(entry, writer.toByteArray());
    }
    return jar;
  }

  private static final class Patched extends MethodVisitor {
    private final Patch patch;

    Patched(MethodVisitor method, Patch patch) {
      super(Opcodes.ASM9, method);
      this.patch = patch;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (name.equals(patch.replaces())) {
        patch.code().accept(mv);
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.RETURN && patch.replaces() == null) {
        patch.code().accept(mv);
      }
      super.visitInsn(opcode);
    }
  }
}
