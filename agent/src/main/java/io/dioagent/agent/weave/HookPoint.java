package io.dioagent.agent.weave;

/** A method of the JDK that is woven. Immutable. */
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

  /** A method that every JDK has. */
  static HookPoint of(String name, String descriptor, Weaving weaving) {
    return new HookPoint(name, descriptor, weaving, true);
  }

  /** A method that some JDKs do not have, or have as a native one: it is left as it is there. */
  static HookPoint ifThere(String name, String descriptor, Weaving weaving) {
    return new HookPoint(name, descriptor, weaving, false);
  }

  /**
   * {@code open(FileDescriptor, [String path,] boolean readable, boolean writable, ...)}, with
   * parameters that differ between JDKs.
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

  /** For messages. */
  String describe() {
    return name + (descriptor == null ? "(FileDescriptor, ..)" : descriptor);
  }
}
