package io.dioagent.agent.contract.random;

import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Copies of the packaged agent that have a defect. */
final class DefectiveAgent {
  private DefectiveAgent() {}

  /**
   * Makes one.
   *
   * @return the jar
   * @throws IllegalStateException if the agent's code has no place for it any more
   */
  static Path make(Path directory, Defect defect) throws IOException {
    Path jar = directory.resolve(defect + ".jar");
    Files.copy(AgentJvm.agentJar(), jar);
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      Path entry = content.getPath("dio-agent", defect.module(), defect.className() + ".classdata");
      Strikes strikes = new Strikes(defect.className(), defect.every());
      byte[] patched = patched(Files.readAllBytes(entry), defect, strikes);
      if (strikes.places() == 0) {
        throw new IllegalStateException(
            defect + " has no place in " + defect.className() + "." + defect.method());
      }
      Files.write(entry, patched);
    }
    return jar;
  }

  private static byte[] patched(byte[] original, Defect defect, Strikes strikes) {
    ClassReader reader = new ClassReader(original);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method =
                super.visitMethod(access, name, descriptor, signature, exceptions);
            boolean here = (name + descriptor).equals(defect.method());
            return here ? defect.in(method, strikes) : method;
          }

          @Override
          public void visitEnd() {
            strikes.addCounter(cv);
            super.visitEnd();
          }
        },
        0);
    return writer.toByteArray();
  }
}
