package io.dioagent.runtime.dio;

/** One call to the policy. */
final class PolicyCall {
  final String name;
  final long value;
  boolean counted;
  boolean answer;

  PolicyCall(String name, long value) {
    this.name = name;
    this.value = value;
  }

  boolean isMutating() {
    return !name.equals("expire") && !name.equals("cancel") && !name.equals("result");
  }

  boolean drops() {
    return name.equals("ended") || name.equals("submitted");
  }

  @Override
  public String toString() {
    return name.equals("ended") || name.equals("pending") || name.equals("buffered")
        ? name + "(" + value + ")"
        : name;
  }
}
