package io.dioagent.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Calls the hook before a woven method returns; not when it throws. */
final class Epilogue implements Weaving {
  private final String hook;
  private final Argument[] arguments;

  Epilogue(String hook, Argument... arguments) {
    this.hook = hook;
    this.arguments = arguments;
  }

  @Override
  public MethodVisitor weave(MethodVisitor next, WovenMethod method) {
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
          Prologue.call(mv, method, NOTICES, hook, Type.VOID_TYPE, arguments);
        }
        super.visitInsn(opcode);
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(maxStack + Weaving.size(method, arguments), maxLocals);
      }
    };
  }
}
