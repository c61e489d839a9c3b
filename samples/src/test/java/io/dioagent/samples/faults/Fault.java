package io.dioagent.samples.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of one fault under each {@link Layer}: its parameters are the layer and a {@link Run}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Suite.class)
@ParameterizedTest(name = "{0}")
@EnumSource(Layer.class)
@interface Fault {
  /** The fault, as the table names it. */
  String value();
}
