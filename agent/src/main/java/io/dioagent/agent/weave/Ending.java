package io.dioagent.agent.weave;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Calls the hook at the end of a woven method, also if it throws:
 *
 * <pre>{@code
 * try {
 *   ... the original body; before each return: DioNotices.ended(result)
 * } catch (Throwable e) {
 *   DioNotices.ended(FAILED);
 *   throw e;
 * }
 * }</pre>
 *
 * For methods that return a long, an int, or nothing, which is passed as 0, and that do not assign
 * to their parameters.
 */
final class Ending implements Weaving {
  /** DioHook.FAILED. */
  private static final Long FAILED = Long.MIN_VALUE;

  private final String hook;

  Ending(String hook) {
    this.hook = hook;
  }

  @Override
  public MethodVisitor weave(MethodVisitor next, WovenMethod method) {
    return new MethodVisitor(Opcodes.ASM9, next) {
      private final Label start = new Label();
      private final Label handler = new Label();

      @Override
      public void visitCode() {
        super.visitCode();
        super.visitLabel(start);
      }

      @Override
      public void visitInsn(int opcode) {
        if (opcode == Opcodes.LRETURN) {
          super.visitInsn(Opcodes.DUP2);
          callHook();
        } else if (opcode == Opcodes.IRETURN) {
          super.visitInsn(Opcodes.DUP);
          super.visitInsn(Opcodes.I2L);
          callHook();
        } else if (opcode == Opcodes.RETURN) {
          super.visitInsn(Opcodes.LCONST_0);
          callHook();
        }
        super.visitInsn(opcode);
      }

      private void callHook() {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, NOTICES, hook, "(J)V", false);
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        // Last in the table, so that the body's own handlers take precedence.
        super.visitTryCatchBlock(start, handler, handler, null);
        super.visitLabel(handler);
        Object[] locals = method.locals();
        super.visitFrame(
            Opcodes.F_FULL, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
        super.visitLdcInsn(FAILED);
        callHook();
        super.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(Math.max(maxStack + 2, 3), maxLocals);
      }
    };
  }
}
