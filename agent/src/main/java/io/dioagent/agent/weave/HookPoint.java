package io.dioagent.agent.weave;

/** A woven method of the JDK. Immutable. */
class HookPoint {
  private final String name;
  private final String descriptor;
  private final Weaving weaving;
  private final boolean required;

  private HookPoint(String name, String descriptor, Weaving weaving, boolean required) {
    this.name = name;
    this.descriptor = descriptor;
    this.weaving = weaving;
    this.required = required;
  }

  /** Names a method that every JDK has. */
  static HookPoint of(String name, String descriptor, Weaving weaving) {
    return new HookPoint(name, descriptor, weaving, true);
  }

  /** Names a method that some JDKs lack, or have as a native one: it is left unchanged there. */
  static HookPoint ifThere(String name, String descriptor, Weaving weaving) {
    return new HookPoint(name, descriptor, weaving, false);
  }

  /**
   * Names {@code open(FileDescriptor, [String path,] boolean readable, boolean writable, ...)},
   * with parameters that differ between JDKs.
   */
  static HookPoint open(Weaving weaving) {
    return new HookPoint("open", null, weaving, true) {
      @Override
      boolean matches(WovenMethod method) {
        return super.matches(method) && method.isStatic() && method.writableParameter() >= 0;
      }
    };
  }

  Weaving weaving() {
    return weaving;
  }

  boolean isRequired() {
    return required;
  }

  boolean matches(WovenMethod method) {
    return !method.isNative()
        && method.name().equals(name)
        && (descriptor == null || descriptor.equals(method.descriptor()));
  }

  /** Describes it, for messages. */
  String describe() {
    return name + (descriptor == null ? "(FileDescriptor, ..)" : descriptor);
  }
}
