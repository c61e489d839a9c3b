package io.dioagent.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Each row of the table finds its method in each JDK that it is for. */
class HookTableTest {
  static Set<Path> javaHomes() throws IOException {
    return WovenClassTest.javaHomes();
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void eachRowFindsOneMethodOrIsForOtherJdks(Path javaHome) throws IOException {
    int feature = WovenClassTest.feature(javaHome);
    Set<String> wrong = new TreeSet<>();
    int found = 0;
    try (FileSystem image = WovenClassTest.image(javaHome)) {
      for (HookPoint row : HookTable.rows()) {
        List<String> methods = methods(image, row);
        String name = row.type() + "." + row.method() + ", for JDK " + row.jdks() + ", ";
        if (row.jdks().require(feature) && methods.size() != 1) {
          wrong.add(name + "finds " + methods);
        } else if (row.jdks().include(feature) && methods.size() > 1) {
          wrong.add(name + "finds " + methods);
        } else if (!row.jdks().include(feature)) {
          System.out.println("[JDK " + feature + "] not for it: " + name + "there: " + methods);
        }
        found += row.jdks().require(feature) ? 1 : 0;
      }
    }
    assertEquals(Set.of(), wrong, "JDK " + feature);
    assertTrue(found > 60, found + " rows");
  }

  /** The methods with code that a row matches. */
  private static List<String> methods(FileSystem image, HookPoint row) throws IOException {
    List<String> methods = new ArrayList<>();
    Path file = image.getPath("/modules/java.base", row.type().replace('.', '/') + ".class");
    if (Files.exists(file)) {
      new ClassReader(Files.readAllBytes(file))
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String generic, String[] thrown) {
                  if ((access & Opcodes.ACC_NATIVE) == 0 && row.matches(name, descriptor)) {
                    methods.add(name + descriptor);
                  }
                  return null;
                }
              },
              ClassReader.SKIP_CODE);
    }
    return methods;
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void eachMethodHasOneRow(Path javaHome) throws IOException {
    int feature = WovenClassTest.feature(javaHome);
    Set<String> seen = new TreeSet<>();
    for (WovenClass type : HookTable.of(feature)) {
      for (HookPoint row : type.points()) {
        assertTrue(seen.add(row.type() + "." + row.method()), row.toString());
      }
    }
    assertFalse(seen.isEmpty());
  }

  /** Of JDK 21 only the source of some rows was read; the others follow from 17, 22 and 25. */
  @Test
  void jdk21IsAmongThese() throws IOException {
    List<Integer> features = new ArrayList<>();
    for (Path home : javaHomes()) {
      features.add(WovenClassTest.feature(home));
    }
    assumeTrue(
        features.contains(21),
        "no JDK 21 to read class files from: none is installed beside "
            + features
            + ", and no Maven artefact with its java.base is known");
  }
}
