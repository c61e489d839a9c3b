package io.dioagent.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import sun.nio.ch.DioAsync;
import sun.nio.ch.DioCalls;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNatives;
import sun.nio.ch.DioNotices;
import sun.nio.ch.DioStack;

/**
 * The hook is compiled once, against one JDK's internals. All that it refers to must be there, with
 * the same types, in the others as well: a missing method would show at an application's write.
 */
class HookLinksTest {
  private static final String HOOK = "sun/nio/ch/Dio";

  private static final List<Class<?>> CLASSES =
      List.of(
          DioAsync.class,
          DioCalls.class,
          DioHook.class,
          DioNatives.class,
          DioNotices.class,
          DioStack.class);

  static Set<Path> javaHomes() throws IOException {
    return WovenClassTest.javaHomes();
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void everyReferenceResolves(Path javaHome) throws IOException {
    Set<String> missing = new TreeSet<>();
    try (FileSystem image =
        FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", javaHome.toString()))) {
      Set<String> references = references();
      assertFalse(references.isEmpty());
      for (String reference : references) {
        int dot = reference.indexOf('.');
        if (!resolves(image, reference.substring(0, dot), reference.substring(dot + 1))) {
          missing.add(reference);
        }
      }
    }
    assertEquals(Set.of(), missing, javaHome.toString());
  }

  /** All {@code owner.name:descriptor} that the hook refers to. */
  private static Set<String> references() throws IOException {
    Set<String> references = new TreeSet<>();
    MethodVisitor visitor =
        new MethodVisitor(Opcodes.ASM9) {
          @Override
          public void visitMethodInsn(
              int opcode, String owner, String name, String descriptor, boolean isInterface) {
            references.add(owner + "." + name + ":" + descriptor);
          }

          @Override
          public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            references.add(owner + "." + name + ":" + descriptor);
          }
        };
    for (Class<?> hook : CLASSES) {
      try (var in = hook.getResourceAsStream(hook.getSimpleName() + ".class")) {
        new ClassReader(in)
            .accept(
                new ClassVisitor(Opcodes.ASM9) {
                  @Override
                  public MethodVisitor visitMethod(
                      int access, String name, String descriptor, String generic, String[] thrown) {
                    return visitor;
                  }
                },
                0);
      }
    }
    references.removeIf(reference -> reference.startsWith(HOOK));
    return references;
  }

  /** JVMS 5.4.3: in the class, or in one of its superclasses or interfaces. */
  private static boolean resolves(FileSystem image, String owner, String member)
      throws IOException {
    Path file = image.getPath("/modules/java.base", owner + ".class");
    if (!Files.exists(file)) {
      return false;
    }
    ClassReader reader = new ClassReader(Files.readAllBytes(file));
    Set<String> members = new TreeSet<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String generic, String[] thrown) {
            members.add(name + ":" + descriptor);
            return null;
          }

          @Override
          public FieldVisitor visitField(
              int access, String name, String descriptor, String generic, Object value) {
            members.add(name + ":" + descriptor);
            return null;
          }
        },
        ClassReader.SKIP_CODE);
    if (members.contains(member)) {
      return true;
    }
    if (reader.getSuperName() != null && resolves(image, reader.getSuperName(), member)) {
      return true;
    }
    for (String superinterface : reader.getInterfaces()) {
      if (resolves(image, superinterface, member)) {
        return true;
      }
    }
    return false;
  }
}
