package io.dioagent.agent.management;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.management.DescriptorKey;

/** The type and the unit of an attribute, which its descriptor has by JMX's own keys. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@SuppressWarnings("exports") // The keys are read by reflection.
public @interface Metric {
  /** The type of a number that only grows. */
  String COUNTER = "counter";

  /** The type of a level. */
  String GAUGE = "gauge";

  /** Returns {@link #COUNTER} or {@link #GAUGE}. */
  @DescriptorKey("metricType")
  String type();

  /** Returns the unit in the notation of OpenTelemetry: By, s, or a thing in braces. */
  @DescriptorKey("units")
  String unit();
}
